"""A progress bar for the terminal; on anything else a line every tenth."""

from typing import TextIO


class Bar:
    def __init__(self, out: TextIO, label: str) -> None:
        self.out, self.label, self.last = out, label, -1

    def __call__(self, share: float) -> None:
        percent = int(share * 100)
        if percent == self.last:
            return
        if self.out.isatty():
            filled = "█" * (percent // 4)
            self.out.write(f"\r{self.label} [{filled:<25}] {percent:3d} %")
            if percent == 100:
                self.out.write("\n")
        elif percent // 10 != self.last // 10:
            self.out.write(f"{self.label} {percent} %\n")
        self.last = percent
        self.out.flush()
