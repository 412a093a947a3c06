"""The opening key and the draft on the bidder's machine: kept there, checked there, never sent."""

from __future__ import annotations

import pytest

from tests.frontend.test_pages import WORDS, _json_file, _pdf, build_bid, make_key, platform

__all__ = ["platform"]
pytestmark = pytest.mark.browser
FILES_KEPT = """async () => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("hengping");
  return (await Array.fromAsync(folder.keys())).length;
}"""


class TestADraft:
    def test_comes_back_after_the_page_was_closed(self, page, context, platform):
        make_key(page, platform)
        build_bid(page, platform)
        page.wait_for_selector("text=草稿已加密保存在本机")
        page.close()
        again = context.new_page()
        again.goto(f"{platform.address}/build")
        again.wait_for_selector("[data-slot=technical] [data-part=files] >> text=技术标.pdf")
        assert again.input_value("#id_manager") == "赵立"
        assert again.is_checked("#id_small")

    def test_lies_on_the_machine_in_cipher_only(self, page, platform):
        make_key(page, platform)
        build_bid(page, platform)
        kept = page.evaluate(
            """async () => {
              const open = indexedDB.open("hengping", 1);
              const db = await new Promise(done => { open.onsuccess = () => done(open.result); });
              const ask = db.transaction("drafts").objectStore("drafts").getAll();
              const drafts = await new Promise(done => { ask.onsuccess = () => done(ask.result); });
              const folder = await (await navigator.storage.getDirectory())
                .getDirectoryHandle("hengping");
              const texts = [];
              for (const one of drafts) texts.push(new TextDecoder().decode(one.ct));
              for await (const [name, handle] of folder.entries()) {
                const file = await handle.getFile();
                texts.push(name, new TextDecoder().decode(await file.slice(0, 4096).arrayBuffer()));
              }
              return texts.join("\\n");
            }"""
        )
        assert len(kept) > 4096
        for clear in ("赵立", "33663580", "技术标", "%PDF"):
            assert clear not in kept

    def test_made_with_another_key_is_loaded_with_it_or_let_go(self, page, platform):
        first = make_key(page, platform)
        build_bid(page, platform)
        page.wait_for_selector("text=草稿已加密保存在本机")
        make_key(page, platform, again=True)
        page.goto(f"{platform.address}/seal")
        page.wait_for_selector("[role=alert] >> text=本机的草稿是用另一把密钥编制的")
        page.click("[role=alert] a")
        page.wait_for_selector("[data-part=stale]:not([hidden])")
        assert page.locator("[data-part=work]").is_hidden()
        page.click("[data-part=stale] a")
        page.wait_for_selector("text=本机已有此标段的密钥，指纹")
        page.set_input_files("#key-reload-file", _json_file(first))
        page.fill("#key-reload-passphrase", WORDS)
        page.click("[data-part=check]")
        page.wait_for_selector("[data-hp=opening-key][data-state=ready]")
        page.click("[data-part=next] a")
        page.wait_for_selector("[data-slot=technical] [data-part=files] >> text=技术标.pdf")
        make_key(page, platform, again=True)
        page.goto(f"{platform.address}/build")
        page.click("[data-part=anew]")
        page.wait_for_selector("[data-part=work]:not([hidden])")
        assert page.input_value("#id_manager") == ""
        assert page.evaluate(FILES_KEPT) == 0
        build_bid(page, platform)

    def test_asks_for_the_key_file_on_another_machine(self, page, chromium, platform, faults):
        file = make_key(page, platform)
        other = chromium.new_context()
        page = other.new_page()
        page.goto(f"{platform.address}/build")
        page.wait_for_selector("[data-hp=key-gate]:not([hidden])")
        page.set_input_files("#key-gate-file", _json_file(file))
        page.fill("#key-gate-passphrase", "not the passphrase")
        page.click("[data-part=open]")
        page.wait_for_selector("text=口令不正确")
        page.set_input_files("#key-gate-file", _json_file(file))
        page.fill("#key-gate-passphrase", WORDS)
        page.click("[data-part=open]")
        page.wait_for_selector("[data-part=work]:not([hidden])")
        other.close()

    @pytest.mark.parametrize(
        ("name", "data", "told"),
        [
            ("empty.pdf", b"", "文件是空的"),
            ("word.pdf", b"PK\x03\x04 word", "请在 Word 里另存为 PDF"),
            ("cut.pdf", b"%PDF-1.7 no end", "PDF 不完整"),
            ("locked.pdf", b"%PDF-1.7 trailer /Encrypt 5 0 R %%EOF", "PDF 设有密码"),
        ],
    )
    def test_takes_no_file_the_experts_could_not_open(self, page, platform, name, data, told):
        make_key(page, platform)
        page.goto(f"{platform.address}/build")
        page.wait_for_selector("[data-part=work]:not([hidden])")
        page.set_input_files("#slot-technical-input", _pdf(name, data))
        page.wait_for_selector(f"[data-slot=technical] [role=alert] >> text={told}")
        assert page.locator("[data-slot=technical] [data-part=files] li").count() == 0

    def test_says_what_must_be_put_right_before_delivery(self, page, platform):
        make_key(page, platform)
        build_bid(page, platform, price="38,600,000.01")
        page.fill("#id_days", "361")
        page.wait_for_selector("text=投标报价高于最高投标限价 ¥38,600,000.00")
        page.wait_for_selector("text=工期超过招标文件要求的 360 天")
        assert page.locator("[data-hp=bid-build]").get_attribute("data-must") == "2"
        page.click("[data-part=go]", force=True)
        assert page.url.endswith("/build")
        page.fill("#id_price", "38,600,000.00")
        page.fill("#id_days", "360")
        assert page.locator("[data-hp=bid-build]").get_attribute("data-must") == "0"
        page.fill("#id_price", "3,860,000.00")
        page.wait_for_selector("text=投标报价低于限价 90.0 %")
        page.fill("#id_price", "三百万")
        page.wait_for_selector(".field__echo >> text=300万元")
        for days in ("一百天", "-3", "12.5", "0"):
            page.fill("#id_days", days)
            page.wait_for_selector("#id_days_note >> text=工期只写整数，如 90")
        page.fill("#id_days", "90")
        assert page.inner_text("#id_days_note") == ""


class TestTheOpeningKey:
    def test_is_loaded_on_a_page_that_was_reloaded_and_not_made_twice(self, page, platform):
        page.goto(f"{platform.address}/key")
        page.fill("#key-passphrase", "abc")
        page.click("[data-part=make]")
        page.wait_for_selector("text=口令太短，至少 8 个字符")
        assert page.locator("#key-reload-file").is_visible()
        file = make_key(page, platform)
        page.reload()
        page.wait_for_selector("text=本机已有此标段的密钥，指纹")
        assert page.locator("[data-part=make]").is_hidden()
        page.click("[data-part=first] > summary")
        assert page.locator("text=用旧密钥编制的草稿打不开").is_visible()
        page.set_input_files("#key-reload-file", _json_file(file))
        page.fill("#key-reload-passphrase", WORDS)
        page.click("[data-part=check]")
        page.wait_for_selector("[data-hp=opening-key][data-state=ready]")
