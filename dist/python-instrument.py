"""Runs inside every Python process of a service under diagnosis, as the sitecustomize of a folder in PYTHONPATH.

It connects to Tailgate's socket and does nothing until it is asked, except that before Python 3.12 calls can only be
counted from the start. It never keeps a process alive, and no failure of its own may reach the service. The service's
own sitecustomize runs first.
"""

import os
import sys


def _run_own():
    """The sitecustomize that would have run without this one. This folder is nobody else's to import from."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != here]
    this = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        if this is not None:
            sys.modules["sitecustomize"] = this


class _Calls:
    """Exact calls of every function. Counting up is one step of the interpreter, so that no thread loses a call."""

    def __init__(self):
        from itertools import count

        self._count = count
        self.counters = {}
        self._looks = {}
        self._before = {}

    def add(self, key):
        counter = self.counters.get(key)
        if counter is None:
            counter = self.counters.setdefault(key, self._count())
        next(counter)

    def read(self):
        """Calls so far. To look at a counter is to count up, which is taken off."""
        read = {}
        for key, counter in list(self.counters.items()):
            looks = self._looks.get(key, 0)
            read[key] = next(counter) - looks
            self._looks[key] = looks + 1
        return read


_GENERATORS = 0x20 | 0x80 | 0x200  # CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR


class _ProfileCalls(_Calls):
    """By sys.setprofile, which each thread has to be given when it begins."""

    def __init__(self):
        super().__init__()
        import threading

        from opcode import opmap

        self._resume = opmap.get("RESUME")
        self._starts = {}
        threading.setprofile(self._event)
        sys.setprofile(self._event)

    def _event(self, frame, event, argument):
        if event == "call":
            code = frame.f_code
            # A generator or coroutine that goes on is no call.
            if not code.co_flags & _GENERATORS or frame.f_lasti == self._start_of(code):
                self.add(code)
        elif event == "c_call":
            # Not the function itself: a method is another object each time, and holds what it belongs to.
            self.add((argument.__module__, argument.__qualname__))

    def _start_of(self, code):
        if self._resume is None:
            return -1
        start = self._starts.get(code)
        if start is None:
            code_bytes = code.co_code
            start = next((at for at in range(0, len(code_bytes), 2) if code_bytes[at] == self._resume), -1)
            self._starts[code] = start
        return start

    def begin(self):
        self._before = self.read()

    def end(self):
        return {key: calls - self._before.get(key, 0) for key, calls in self.read().items()}


class _MonitoredCalls(_Calls):
    """By sys.monitoring (Python 3.12), which holds for all threads and costs nothing until it begins."""

    def __init__(self):
        super().__init__()
        from types import BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType

        self._native = (BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType)
        self._tool = None

    def begin(self):
        monitoring = sys.monitoring
        self._tool = next(tool for tool in (2, 4, 3, 1) if monitoring.get_tool(tool) is None)
        monitoring.use_tool_id(self._tool, "tailgate")
        monitoring.register_callback(self._tool, monitoring.events.PY_START, self._started)
        monitoring.register_callback(self._tool, monitoring.events.CALL, self._called)
        monitoring.set_events(self._tool, monitoring.events.PY_START | monitoring.events.CALL)

    def _started(self, code, offset):
        self.add(code)

    def _called(self, code, offset, function, argument):
        if isinstance(function, self._native):
            self.add((getattr(function, "__module__", None), function.__qualname__))

    def end(self):
        monitoring = sys.monitoring
        monitoring.set_events(self._tool, 0)
        monitoring.free_tool_id(self._tool)
        return self.read()


class _Samples:
    """CPU of every thread, by its own clock, shared out over the stacks in which it was found running.

    A look needs the interpreter, and gets it where a thread gives it up: most often where that begins to wait. So a
    thread counts as running only where its clock goes on after the look.
    """

    _GOES_ON_NS = 8000
    _PAUSE = 0.00002

    def begin(self, interval_us):
        import threading

        self.stacks = {}
        self._interval = interval_us / 1e6
        self._ended = threading.Event()
        self._switching = sys.getswitchinterval()
        # The look comes at the next switch of threads: by the usual 5 ms a short request would be over.
        sys.setswitchinterval(0.000005)
        self._thread = threading.Thread(target=self._run, name="tailgate-samples", daemon=True)
        self._thread.start()

    def end(self):
        self._ended.set()
        self._thread.join(5)
        sys.setswitchinterval(self._switching)
        return self.stacks

    def _run(self):
        from random import expovariate
        from threading import get_ident
        from time import clock_gettime_ns, pthread_getcpuclockid, sleep

        _wake_punctually()
        own = {get_ident(), _agent_thread}
        clocks = {}

        def spent(thread):
            try:
                if thread not in clocks:
                    clocks[thread] = pthread_getcpuclockid(thread)
                return clock_gettime_ns(clocks[thread])
            except OSError:
                clocks.pop(thread, None)
                return None

        began = {thread: spent(thread) for thread in sys._current_frames()}
        latest = dict(began)
        seen = {}
        # Looks at fixed distances would keep in step with what is sent at fixed distances.
        while not self._ended.wait(expovariate(1 / self._interval)):
            looked = []
            for thread, frame in sys._current_frames().items():
                now = None if thread in own else spent(thread)
                if now is None or now == latest.get(thread):
                    continue
                latest[thread] = now
                codes = []
                while frame is not None:
                    codes.append(frame.f_code)
                    frame = frame.f_back
                looked.append((thread, now, tuple(codes)))
            frame = None
            if not looked:
                continue
            sleep(self._PAUSE)
            for thread, before, codes in looked:
                now = spent(thread)
                if now is not None and now - before >= self._GOES_ON_NS and not _is_waiting(codes[0]):
                    counts = seen.setdefault(thread, {})
                    counts[codes] = counts.get(codes, 0) + 1
        for thread, last in latest.items():
            used = (spent(thread) or last or 0) - (began.get(thread) or 0)
            counts = seen.get(thread, {(): 1})
            total = sum(counts.values())
            if thread in own or used <= 0:
                continue
            for codes, count in counts.items():
                self.stacks[codes] = self.stacks.get(codes, 0) + used * count / total


def _wake_punctually():
    """The kernel lets a thread of this one sleep up to 50 us longer than it asked for (prctl(2), PR_SET_TIMERSLACK)."""
    try:
        from ctypes import CDLL

        CDLL(None).prctl(29, 1, 0, 0, 0)
    except Exception:
        pass


def _is_waiting(code):
    """Event loops wait here for what comes next; a request that wakes them up between two looks is not theirs."""
    return code.co_name == "select" and code.co_filename.endswith("selectors.py")


_agent_thread = 0


def _described(key):
    """Name, file and first line of a code object, or of a function that is not written in Python."""
    if hasattr(key, "co_filename"):
        return [getattr(key, "co_qualname", key.co_name), key.co_filename, key.co_firstlineno]
    module, name = key
    return ["%s.%s" % (module, name) if isinstance(module, str) and module != "builtins" else str(name), "", 0]


def _answer(request, state):
    what = request["do"]
    if what == "start-calls":
        if state["calls"] is None:
            state["calls"] = _calls()
        state["calls"].begin()
        return None
    if what == "stop-calls":
        counts = state["calls"].end()
        merged = {}
        for key, calls in counts.items():
            if calls > 0 and getattr(key, "co_filename", None) != __file__:
                place = tuple(_described(key))
                merged[place] = merged.get(place, 0) + calls
        return {"functions": [list(place) for place in merged], "calls": list(merged.values()), "paths": _paths()}
    if what == "start-cpu":
        state["samples"] = _Samples()
        state["samples"].begin(request.get("intervalUs", 1000))
        return None
    if what == "stop-cpu":
        places = {}
        stacks = []
        for codes, used in state["samples"].end().items():
            frames = []
            for code in reversed(codes):
                place = tuple(_described(code))
                frames.append(places.setdefault(place, len(places)))
            stacks.append([frames, used / 1000])
        return {"functions": [list(place) for place in places], "stacks": stacks, "paths": _paths()}
    raise ValueError("unknown: %s" % what)


def _paths():
    from sysconfig import get_paths

    paths = get_paths()
    return {"standard": sorted({paths["stdlib"], paths["platstdlib"]})}


def _calls():
    return _MonitoredCalls() if hasattr(sys, "monitoring") else _ProfileCalls()


def _serve(path, state):
    global _agent_thread
    import json
    import socket
    from threading import get_ident

    _agent_thread = get_ident()
    try:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(path)
        lines = connection.makefile("rwb")

        def say(line):
            lines.write(json.dumps(line).encode() + b"\n")
            lines.flush()

        version = "%d.%d.%d" % sys.version_info[:3]
        say({"runtime": "python", "version": version, "pid": os.getpid(), "thread": 0, "program": ""})
        for line in lines:
            request = json.loads(line)
            try:
                say({"id": request["id"], "result": _answer(request, state)})
            except Exception as error:
                say({"id": request["id"], "error": repr(error)[:500]})
    except (OSError, ValueError):
        pass


def _start():
    from threading import Thread

    path = os.environ.get("TAILGATE_PYTHON_SOCKET")
    if not path:
        return
    state = {"calls": None, "samples": None}
    if os.environ.get("TAILGATE_INSTRUMENT_LOOKING") == "calls" and not hasattr(sys, "monitoring"):
        state["calls"] = _ProfileCalls()
    Thread(target=_serve, args=(path, state), name="tailgate", daemon=True).start()
    # A thread does not live on in a forked process.
    os.register_at_fork(after_in_child=lambda: Thread(target=_serve, args=(path, state), daemon=True).start())


_run_own()
try:
    _start()
except Exception:
    pass
