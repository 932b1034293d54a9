"""python bench/fresh.py ARGUMENTS: runs Python with these arguments and prints what that process used, as JSON.

A small process in between: a child starts with the peak memory of its parent on its account, and the one that measures
has Django loaded.
"""

import json
import os
import sys

SILENT = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]

pid = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ, file_actions=SILENT)
_pid, status, used = os.wait4(pid, 0)
print(json.dumps({"status": status, "seconds": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}))
