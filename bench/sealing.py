"""`./dev bench sealing`: seal and open a bid of 200 MiB, file to file on a RAM disk.

All rates are MiB of plain content a second by the wall clock, medians of three rounds in which the
measures take turns. `python_seal` writes the whole envelope and its fingerprint; `python_open`
reads the fingerprint over the whole file, then opens form and package into files, as the platform
does. Peers: AES-256-GCM and SHA-256 of the same library, one after the other on what lies in
memory (nothing is read or written); `pyrage`, file to file. `openssl_aes_256_gcm` is the machine's
own `openssl speed`, which may be another build than the library's. `python_peak_mib` is the peak
of a fresh process that seals 800 MiB and opens them again.
"""

from __future__ import annotations

from bench import _kit
from bench import _sealing_python as python
from bench._bid import laid_out


def main() -> None:
    """Measure and print."""
    with laid_out(python.SIZE) as bid:
        rates = _kit.in_turns(python.measures(bid))
    own = ("python_seal", "python_open")
    _kit.tell(
        "sealing",
        figures={
            **{f"{name}_mib_s": round(rates[name]) for name in own},
            "python_peak_mib": python.peak_mib(),
        },
        peers={
            **{f"{name}_mib_s": round(rate) for name, rate in rates.items() if name not in own},
            "openssl_aes_256_gcm_mib_s": python.openssl_speed(),
        },
        ratios={
            "python_seal_vs_memory": rates["python_seal"] / rates["memory_encrypt"],
            "python_open_vs_memory": rates["python_open"] / rates["memory_decrypt"],
            "python_seal_vs_pyrage": rates["python_seal"] / rates["pyrage_seal"],
        },
    )


if __name__ == "__main__":
    main()
