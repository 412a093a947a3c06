"""`./dev bench sealing`: seal and open a bid of 200 MiB, file to file on a RAM disk.

All rates are MiB of plain content a second by the wall clock, medians of three rounds in which the
measures take turns, after one that does not count. What a measure leaves behind is thrown away
outside its time.

Python. `python_seal` writes the whole envelope and its fingerprint. `python_open` opens form and
package into files and takes the fingerprint of each, as the platform does at the opening;
`python_measure` takes the four fingerprints of a sealed file, SM3 among them, as the platform does
on arrival. Peers: AES-256-GCM and SHA-256 of the same library, one after the other on what lies in
memory (nothing is read or written); `pyrage`, file to file. `openssl_aes_256_gcm` is the machine's
own `openssl speed`, which may be another build than the library's. `python_peak_mib` is the peak
of a fresh process that seals 800 MiB, measures and opens them.

Chromium, in one page from loopback, each measure in a fresh worker. `browser_seal` is the
product's sealer: a chosen file in, the sealed file in the browser's store and its fingerprint out.
`browser_act` is what a bidder waits for, by the product's own worker: the same, but the content
comes encrypted out of the draft, so it is decrypted once and encrypted once. Peers:
`webcrypto_aes_gcm`, the browser's AES-256-GCM alone on segments of the same size in memory (no
digest; nothing is read or written); `age_seal`, age-encryption from the same file into the same
store, without a fingerprint. `browser_peak_mib` is the peak of a fresh renderer that lays 800 MiB
into the draft and seals them.
"""

from __future__ import annotations

from bench import _kit
from bench import _sealing_browser as browser
from bench import _sealing_python as python
from bench._bid import laid_out

SIZE = 200  # MiB
LARGE = 800  # MiB
_OWN = ("python_seal", "python_open", "python_measure", "browser_seal", "browser_act")


def main(*, mebibytes: int = SIZE, large: int = LARGE) -> None:
    """Measure and print."""
    with laid_out(mebibytes) as bid:
        rates = _kit.in_turns(python.measures(bid, mebibytes=mebibytes))
        with browser.opened(bid.plain) as page:
            rates |= _kit.in_turns(browser.measures(page, mebibytes=mebibytes))
    _kit.tell(
        "sealing",
        figures={
            **{f"{name}_mib_s": round(rates[name]) for name in _OWN},
            "python_peak_mib": python.peak_mib(large),
            "browser_peak_mib": browser.peak_mib(large),
        },
        peers={
            **{f"{name}_mib_s": round(rate) for name, rate in rates.items() if name not in _OWN},
            "openssl_aes_256_gcm_mib_s": python.openssl_speed(),
        },
        ratios={
            "python_seal_vs_memory": rates["python_seal"] / rates["memory_encrypt"],
            "python_open_vs_memory": rates["python_open"] / rates["memory_decrypt"],
            "python_seal_vs_pyrage": rates["python_seal"] / rates["pyrage_seal"],
            "browser_seal_vs_webcrypto": rates["browser_seal"] / rates["webcrypto_aes_gcm"],
            "browser_seal_vs_age": rates["browser_seal"] / rates["age_seal"],
        },
    )


if __name__ == "__main__":
    main()
