/** `[data-hp=hall]`: the opening hall in a page; list and scene are two views of one state. */

import { postAct } from "../signing/act";
import { all, fact, maybePart, need, onPage, part } from "../ui/dom";
import { tellError } from "../ui/telling";
import { toast } from "../ui/toast";
import { say } from "../ui/words";
import { drawBoard, ownPage, pages } from "./board";
import { caption, greeting, readLine } from "./captions";
import { drawHead, drawList } from "./list";
import { type Line, Live } from "./live";
import { Scene } from "./scene";
import type { Frame, HallState } from "./state";
import { drawStatus, drawSteps } from "./status";
import { WORDS } from "./words";

const PAGE_TIME = 12_000;
const LINE_TIME = 4_000;
const VIEW = "hp-hall-view";
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

class Hall {
  private state: HallState | null = null;
  private readonly scene: Scene;
  private page = 0;
  private turning = !STILL.matches;
  private line = 0;
  private due = false;

  constructor(private readonly root: HTMLElement) {
    this.scene = new Scene(need("[data-part=seats]", root) as unknown as SVGGElement);
    this.startPager();
    this.startViews();
    setInterval(() => this.turn(), PAGE_TIME);
    setInterval(() => this.read(), LINE_TIME);
    const live = new Live(
      { snapshot: fact(root, "snapshot"), socket: fact(root, "socket"), events: fact(root, "events") },
      { changed: (state, frame) => this.changed(state, frame), line: (line) => this.tellLine(line) },
    );
    void live.follow();
  }

  private changed(state: HallState, frame: Frame | null): void {
    this.state = state;
    if (frame === null) this.say(greeting(state));
    else {
      const said = caption(state, frame);
      if (said) this.say(said);
      if (frame.e === "hall.read_out") this.line = 0;
    }
    if (frame === null || frame.e === "hall.listed" || frame.e === "hall.read_out") this.page = ownPage(state);
    this.drawSoon();
  }

  /** However many events come at once, the page is drawn once a frame. */
  private drawSoon(): void {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      if (this.state) this.draw(this.state);
    });
  }

  private draw(state: HallState): void {
    const { root } = this;
    drawSteps(root, state);
    drawStatus(root, state);
    drawList(part(root, "rows"), state);
    drawHead(part(root, "head"), state);
    part(root, "listed").hidden = state.seats.length === 0;
    part(root, "unlisted").hidden = state.seats.length > 0;
    this.scene.draw(state);
    this.drawPage(state);
    for (const [role, name] of Object.entries(state.staff)) maybePart(root, `staff-${role}`)?.replaceChildren(name);
    root.dataset["stage"] = state.stage;
    root.dataset["drawn"] = "";
  }

  private drawPage(state: HallState): void {
    const board = part(this.root, "board");
    const names = JSON.parse(fact(board, "names")) as Readonly<Record<string, string>>;
    part(board, "stage").textContent = names[state.stage] ?? "";
    drawBoard(
      {
        title: part(board, "title"),
        note: part(board, "note"),
        body: part(board, "body"),
        pager: part(board, "pager"),
      },
      state,
      this.page,
    );
  }

  private startPager(): void {
    const board = part(this.root, "board");
    const turn = (by: number) => (): void => {
      this.turning = false;
      this.goTo(this.page + by);
      this.tellTurning();
    };
    part(board, "back").addEventListener("click", turn(-1));
    part(board, "on").addEventListener("click", turn(1));
    part(board, "turning").addEventListener("click", () => {
      this.turning = !this.turning;
      this.tellTurning();
    });
    this.tellTurning();
  }

  private tellTurning(): void {
    part(this.root, "turning").textContent = say(this.turning ? WORDS.pause : WORDS.play);
  }

  private turn(): void {
    if (this.turning && !document.hidden) this.goTo(this.page + 1);
  }

  private goTo(page: number): void {
    if (!this.state) return;
    const count = pages(this.state);
    this.page = (page + count) % count;
    this.drawPage(this.state);
  }

  /** During the read-out the caption goes through the lines, one at a time. */
  private read(): void {
    if (this.state?.stage !== "READ_OUT" || document.hidden) return;
    const seat = this.state.seats[this.line % this.state.seats.length];
    this.line += 1;
    if (seat) this.say(readLine(seat));
  }

  private say(text: string): void {
    for (const place of all("[data-part=caption]", this.root)) place.textContent = text;
  }

  private tellLine({ way, rtt }: Line): void {
    const place = part(this.root, "line");
    place.dataset["way"] = way;
    const words = { off: say(WORDS.off), poll: say(WORDS.polling), socket: rtt === null ? say(WORDS.connected) : say(WORDS.rtt, { rtt }) };
    part(place, "words").textContent = words[way];
  }

  private startViews(): void {
    const button = part<HTMLButtonElement>(this.root, "view");
    const show = (view: string): void => {
      this.root.dataset["view"] = view;
      button.textContent = say(view === "scene" ? WORDS.toList : WORDS.toScene);
      localStorage.setItem(VIEW, view);
    };
    const other = (): void => show(this.root.dataset["view"] === "scene" ? "list" : "scene");
    show(localStorage.getItem(VIEW) === "list" ? "list" : "scene");
    button.addEventListener("click", other);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "F2" || event.repeat) return;
      event.preventDefault();
      other();
    });
  }
}

/** Forms that need no signature are sent without leaving the hall. */
function startForm(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const fields = Object.fromEntries([...new FormData(form, event.submitter)].map(([name, value]) => [name, String(value)]));
    const { command_id: command, csrfmiddlewaretoken: _token, ...rest } = fields;
    void postAct(form.action, rest, command)
      .then(() => {
        for (const text of all<HTMLTextAreaElement>("textarea, input[type=text]", form)) text.value = "";
        if (form.dataset["done"]) toast(form.dataset["done"], "done");
      })
      .catch((error: unknown) => tellError(form, error))
      .finally(() => {
        need<HTMLInputElement>("input[name=command_id]", form).value = crypto.randomUUID();
        for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
      });
  });
}

export function startHall(): void {
  onPage("hall", (root) => new Hall(root));
  onPage("hall-form", (form) => startForm(form as HTMLFormElement));
}
