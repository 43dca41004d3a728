package dev.fewbit.sandbox.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.contracts.execution.ExecutionLimits;
import dev.fewbit.contracts.execution.ProgramLanguage;
import dev.fewbit.contracts.execution.Verdict;
import dev.fewbit.sandbox.isolation.IsolationException;
import dev.fewbit.sandbox.outcome.ExecutionOutcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts of Python programs in real jails; {@code |} in a program stands for a line break. */
class PythonVerdictIT {
    private static final ExecutionLimits LIMITS =
            new ExecutionLimits(Duration.ofSeconds(1), Duration.ofSeconds(3), 256L << 20, 64 << 10, 32);
    private static final String TESTS = """
            def check(candidate):
                assert candidate(2, 3) == 5
                assert candidate(-1, 1) == 0

            def test_check():
                check(add)

            test_check()
            """;

    private static LocalExecutor executor;

    @BeforeAll
    static void open() throws IsolationException, InterruptedException {
        executor = LocalExecutor.open();
    }

    @AfterAll
    static void close() {
        executor.close();
    }

    private static Execution execute(String program, String tests)
            throws LanguageUnavailableException, InterruptedException {
        return executor.execute(ProgramLanguage.PYTHON, program.replace('|', '\n'), tests, LIMITS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            PASSED;             def add(a, b): return a + b
            ASSERTION_FAILED;   def add(a, b): return a - b
            ASSERTION_FAILED;   def add(a, b): assert False
            RAISED;             def add(a, b): raise KeyError(a)
            RAISED;             def add(a, b): return add(a, b)
            RAISED;             x = 1
            RAISED;             raise ValueError('at import')
            COMPILE_FAILED;     def add(a, b)|  return
            COMPILE_FAILED;     def add(a, b):
            COMPILE_FAILED;     def add(a, b):|  return ''' + a
            RAISED;             def add(a, b): return eval('a +')
            TIMED_OUT;          def add(a, b):|  while True: pass
            TIMED_OUT;          import time|def add(a, b): time.sleep(60)
            TIMED_OUT;          import re|def add(a, b): re.match('(a+)+$', 'a' * 64 + 'b')
            MEMORY_EXCEEDED;    def add(a, b):|  x = bytearray(600 << 20)|  for i in range(0, len(x), 4096): x[i] = 1|  return a + b
            RAISED;             def add(a, b):|  x = [0] * (1 << 33)|  return a + b
            RAISED;             def add(a, b): raise MemoryError
            OUTPUT_EXCEEDED;    def add(a, b):|  for _ in range(1 << 16): print('x' * 4096)|  return a + b
            OUTPUT_EXCEEDED;    import os|def add(a, b):|  while True: os.write(2, b'x' * 4096)
            """)
    void shouldGiveTheVerdictOfItsKindWhenAProgramIsOrdinary(Verdict expected, String program) throws Exception {
        // When
        Execution execution = execute(program, TESTS);

        // Then
        assertThat(execution.outcome().verdict())
                .as(execution.outcome().toString())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import os|def add(a, b): os._exit(0)",
                "import sys|def add(a, b): sys.exit(0)",
                "import sys|sys.exit(0)",
                "def add(a, b): raise SystemExit",
                "def add(a, b): exit()",
                "import atexit, os|atexit.register(lambda: os._exit(0))|def add(a, b): return 0",
                "import sys|sys.excepthook = lambda *a: None|def add(a, b): return 0",
                "class Y:|  def __eq__(s, o): return True|def add(a, b): return Y()",
                "class Y(int):|  def __eq__(s, o): return True|def add(a, b): return Y(0)",
                "import builtins|builtins.AssertionError = ValueError|def add(a, b): return 0",
                "def add(a, b): return 0|def check(c): pass|import builtins|builtins.check = check",
                "import os|def add(a, b):|  os.kill(os.getppid(), 9); return 0",
                "import os|def add(a, b):|  os.write(1, b'passed'); os.write(2, b'two-process\\npassed\\n'); os._exit(0)",
                "import os|for fd in range(3, 64):|  try: os.write(fd, b'two-process\\npassed\\n')|  except OSError: pass|os._exit(0)",
                "import os|for fd in range(3, 64):|  try: os.close(fd)|  except OSError: pass|def add(a, b): return 0",
                "import os|def add(a, b):|  if os.fork(): os._exit(0)|  return 0",
                "import os, sys|os.execv(sys.executable, [sys.executable, '-c', 'print(1)'])",
                "import os|def add(a, b):|  open('/proc/%d/mem' % os.getppid(), 'r+b'); return 0",
                "import os|def add(a, b):|  os.listdir('/proc/%d/fd' % os.getppid()); return 0",
                "import os|def add(a, b):|  open('/proc/1/mem', 'r+b'); return 0",
                "import gc|def add(a, b):|  return next(o for o in gc.get_objects() if o == 'candidate(2, 3)')",
                "import sys|def add(a, b):|  f = sys._getframe()|  while f.f_back: f = f.f_back|  f.f_globals['judged'] = lambda *a: ('two-process', 'passed', '')|  return 0",
                "import ctypes|def add(a, b): ctypes.CDLL(None).ptrace(16, 1, 0, 0); return 0",
                "import sys|sys.setrecursionlimit(10**9)|def add(a, b): return add(a, b)",
                "import ctypes|def add(a, b): ctypes.string_at(0)",
                // What would end the jail without a status, or keep PID 1 from watching, would be nobody's failure.
                "import os, resource, time|for p in (1, os.getppid()):|  try: resource.prlimit(p, resource.RLIMIT_CPU, (0, 0))|  except OSError: pass|time.sleep(0.5)|def add(a, b): return 0",
                "class L(list):|  def __eq__(s, o): return True|def add(a, b): return L([0])",
                "class X:|  def __eq__(s, o): return True|X.__module__, X.__name__ = 'datetime', 'date'|def add(a, b): return X()",
                "class E(AssertionError): pass|E.__module__, E.__name__ = 'json', 'JSONDecodeError'|def add(a, b): raise E",
            })
    void shouldNotPassWhenAProgramCheats(String program) throws Exception {
        // When
        Execution execution = execute(program, TESTS);

        // Then
        assertThat(execution.outcome().verdict())
                .as(execution.outcome().toString())
                .isNotIn(Verdict.PASSED, Verdict.INFRASTRUCTURE_FAULT);
    }

    /** Each tries something the jail forbids and would pass if it were let through. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "open('/etc/passwd').read()",
                "open('/etc/shadow').read()",
                "open('/box/judge.pyc', 'a')",
                "open('/escaped', 'w')",
                "open('/usr/escaped', 'w')",
                "open('/dev/escaped', 'w')",
                "import os; os.environ['SECRET_TOKEN']",
                "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
                "import socket; socket.create_connection(('1.1.1.1', 53), 1)",
                "import socket; socket.socket(40, socket.SOCK_STREAM)",
                "import os; os.setuid(0)",
                "import os; os.chroot('/tmp')",
                "import os; os.kill(1, 9); open('/proc/2000000')",
                "import os; os.unshare(0x10000000) if hasattr(os, 'unshare') else 1 / 0",
                "import ctypes; libc = ctypes.CDLL(None); assert libc.unshare(0x10000000) == 0",
                "import ctypes; libc = ctypes.CDLL(None); assert libc.mount(b'none', b'/tmp', b'tmpfs', 0, 0) == 0",
                "import ctypes; assert ctypes.CDLL(None).syscall(319, b'm', 0) >= 0",
                "import ctypes; assert ctypes.CDLL(None).syscall(425, 8, 0) >= 0",
                "import ctypes; assert ctypes.CDLL(None).syscall(323, 0) >= 0",
                "import ctypes; assert ctypes.CDLL(None).shmget(1, 1 << 20, 0o1600) >= 0",
                "import resource; resource.prlimit(1, resource.RLIMIT_CPU, (0, 0))",
                "import os; os.setpriority(os.PRIO_PROCESS, 1, 19)",
                "import os; os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0))",
                "import ctypes; assert ctypes.CDLL(None).syscall(206, 1000, ctypes.byref(ctypes.c_ulong(0))) == 0",
                "import os; [open('/dev/shm/%d' % i, 'w').close() for i in range(2000)]",
                "import time; time.clock_settime(time.CLOCK_REALTIME, 0)",
                "import os; os.listdir('/sys'), os.listdir('/home')",
                "f = open('/tmp/big', 'wb'); [f.write(b'x' * (1 << 20)) for _ in range(100)]",
                "import os; [open('/tmp/%d' % i, 'w').close() for i in range(20000)]",
                "import os; [os.fork() or __import__('time').sleep(9) for _ in range(100)]",
                "import threading, time; [threading.Thread(target=time.sleep, args=(9,)).start() for _ in range(100)]",
            })
    void shouldNotPassWhenAProgramDoesWhatAJailForbids(String statement) throws Exception {
        // When
        Execution execution = execute(statement, null);

        // Then
        assertThat(execution.outcome().verdict())
                .as(execution.outcome().toString())
                .isIn(Verdict.RAISED, Verdict.ASSERTION_FAILED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            import os|while True:|  try: os.fork()|  except OSError: pass
            import os|def f():|  while True:|    try:|      if os.fork() == 0: f()|    except OSError: pass|f()
            """)
    void shouldEndWhenAProgramForksWithoutEnd(String program) throws Exception {
        // When
        Execution execution = execute(program, null);

        // Then
        assertThat(execution.outcome().verdict()).isIn(Verdict.TIMED_OUT, Verdict.MEMORY_EXCEEDED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import os|if os.fork() == 0:|  os.setsid()|  if os.fork() == 0:|    import time; time.sleep(60)|  os._exit(0)",
                "import subprocess|subprocess.Popen(['sleep', '60'])",
                "import os|assert os.getuid() == 65534 and set(os.environ) == {'PATH', 'HOME', 'LANG', 'PWD', 'PYTHONHASHSEED'}, os.environ",
                "import os|assert os.getpid() < 10",
                "open('/tmp/mine', 'w').write('x'); assert open('/tmp/mine').read() == 'x'",
                "import multiprocessing.dummy, decimal, json, re, math, collections, itertools, functools, heapq",
                "print('no tests')",
                "",
            })
    void shouldPassWhenACompleteProgramComesToItsEnd(String program) throws Exception {
        // When
        Execution execution = execute(program, null);

        // Then
        assertThat(execution.outcome()).isInstanceOf(ExecutionOutcome.Passed.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            PASSED;           # fewbit-judge: imported|assert f() == 1;       if __name__ == '__main__': raise SystemExit|def f(): return 1
            RAISED;           assert f() == 1;                                if __name__ == '__main__': raise SystemExit|def f(): return 1
            PASSED;           # fewbit-judge: imported|assert f() == 'builtins'; def f(): return __name__
            PASSED;           assert f() == (1, 2);                           import collections|P = collections.namedtuple('P', 'a b')|def f(): return P(1, 2)
            PASSED;           assert f() == 2;                                import enum|class E(enum.IntEnum): A = 2|def f(): return E.A
            ASSERTION_FAILED; assert f() == 2;                                class I(int):|  def __eq__(s, o): return True|def f(): return I(1)
            PASSED;           assert len(str(f())) == 5001;                   def f(): return 10 ** 5000
            PASSED;           import unittest|class T(unittest.TestCase):|  def test_f(self): self.assertEqual(f(), 1)|unittest.main(); def f(): return 1
            ASSERTION_FAILED; import unittest|class T(unittest.TestCase):|  def test_f(self): self.assertEqual(f(), 1)|unittest.main(); def f(): return 2
            TIMED_OUT;        # fewbit-judge: two-process|ask(0.3, 'f', [], 1);   def f():|  while True: pass
            INFRASTRUCTURE_FAULT; # fewbit-judge: two-process|raise Fault('theirs'); def f(): return 1
            INFRASTRUCTURE_FAULT; # fewbit-judge: three-process|f();           def f(): return 1
            """)
    void shouldJudgeAsTheTestsAsk(Verdict expected, String tests, String program) throws Exception {
        // When
        Execution execution = execute(program, tests.replace('|', '\n'));

        // Then
        assertThat(execution.outcome().verdict()).isEqualTo(expected);
    }

    @Test
    void shouldReportTheFirstLineAndTheOutputWhenAProgramRaises() throws Exception {
        // When
        Execution execution = execute("print('before')|def add(a, b): raise KeyError(a)", TESTS);

        // Then
        assertThat(execution.outcome().message()).isEqualTo("KeyError: 2");
        assertThat(execution.output().head()).isEqualTo("before\n");
        assertThat(execution.cpuTime()).isPositive().isLessThan(Duration.ofSeconds(1));
        assertThat(execution.peakMemoryBytes()).isBetween(1L << 20, 256L << 20);
        assertThat(execution.isolation()).startsWith("bubblewrap+seccomp+");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            from collections import Counter|def f(): return Counter('aab');                    assert f() == {'a': 2, 'b': 1}
            from collections import deque|def f(): return deque([1, 2]);                       from collections import deque|assert f() == deque([1, 2])
            from decimal import Decimal|def f(): return Decimal('1.10');                       from decimal import Decimal|assert f() == Decimal('1.1')
            from fractions import Fraction|def f(): return Fraction(1, 3);                     assert f() * 3 == 1
            def f(): return {1: {2.5, (3, None)}, 'x': b'y'};                                  assert f() == {1: {2.5, (3, None)}, 'x': b'y'}
            def f(): return (i * i for i in range(3));                                         assert list(f()) == [0, 1, 4]
            def f(): return (i for i in range(3));                                             assert not f() == [0, 1, 2]
            def f(): return float('inf'), -0.0, 10 ** 5000;                                    a, b, c = f()|assert a > 1e308 and str(b) == '-0.0' and c == 10 ** 5000
            def f(xs): xs.sort();                                                              x = [2, 1]|f(x)|assert x == [1, 2]
            def f(x): raise ValueError('no');                                                  try:|  f(1)|  assert False|except ValueError as e: assert str(e) == 'no'
            def g(x): return x + 1|def f(x): return x * 2;                                     assert f(g(1)) == 4
            def f(x): return {}[x];                                                            try:|  f('a')|  assert False|except KeyError as e: assert str(e) == "'a'"
            import json|def f(x): return json.loads(x);                                        import json|try:|  f('{')|  assert False|except json.JSONDecodeError: pass
            def f(x): return x.decode('ascii');                                                try:|  f(bytes([255]))|  assert False|except UnicodeDecodeError: pass
            from datetime import *|def f(a, b): return b - a;                                  from datetime import date, timedelta|assert f(date(2020, 1, 1), date(2020, 1, 3)) == timedelta(2)
            import itertools|def f(a): return itertools.permutations(a);                       assert sorted(f([1, 2])) == [(1, 2), (2, 1)]
            import itertools|def f(): return itertools.count(5);                               g = f()|assert next(g) == 5 and next(g) == 6
            def f():|  yield 1|  raise ValueError('x');                                        g = f()|assert next(g) == 1|try:|  next(g)|  assert False|except ValueError: pass
            from collections import defaultdict|def f(): return defaultdict(int);              assert f()['missing'] == 0
            def f(d):|  d['x'] += 1;                                                           from collections import defaultdict|d = defaultdict(int)|f(d)|assert d == {'x': 1}
            def f(q): q.append(1);                                                             from collections import deque|q = deque()|f(q=q)|assert q == deque([1])
            def f(xs):|  xs.append(1)|  raise ValueError;                                      x = []|try: f(x)|except ValueError: pass|assert x == [1]
            limit = 5|def f(): return 5;                                                       assert f() == limit
            def f(x): return [y for y in x if not isinstance(y, int)];                         assert f([1, 'a']) == ['a']
            def f(xs, kind): return [x for x in xs if not isinstance(x, kind)];                assert f([1, 'a'], int) == ['a']
            def f(x): return type(x);                                                          assert f(1) == int and f('') == str
            def f(n): return list(range(n)), [str(i) for i in range(n)], [i / 2 for i in range(n)]; n = 100000|a, b, c = f(n)|assert a == list(range(n)) and b[99999] == '99999' and c[3] == 1.5
            def f(xs): return sum(xs);                                                         assert f(list(range(1000000))) == 499999500000
            def f(n):|  r = []|  for _ in range(n): r = [r]|  return r;                        x = f(900)|n = 0|while x: x, n = x[0], n + 1|assert n == 900
            def f(n): return 0 if n == 0 else 1 + f(n - 1);                                    assert f(900) == 900
            """)
    void shouldRebuildValuesWhenTheyCrossTheJudgesPipe(String program, String tests) throws Exception {
        // When
        Execution execution = execute(program, tests.replace('|', '\n'));

        // Then
        assertThat(execution.outcome().verdict())
                .as(execution.outcome().toString())
                .isEqualTo(Verdict.PASSED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            class Node:|  def __init__(self, v): self.v = v;         assert Node(3).v == 3
            def f(n): return lambda x: x + n;                        assert f(1)(2) == 3
            def f(g, x): return g(x);                                assert f(lambda x: x + 1, 3) == 4
            def f(g, x): return g(x);                                def h(x): return x * 2|assert f(h, 3) == 6
            def f(g, x): return g(x);                                import math|assert f(math.sqrt, 9) == 3
            def f(g, x): return g(x);                                from math import sqrt|assert f(g=sqrt, x=9) == 3
            class Err(Exception): pass|def f(): raise Err;           try:|  f()|  assert False|except Err: pass
            """)
    void shouldRunTestsBesideTheProgramWhenTheyNeedItsLiveObjects(String program, String tests) throws Exception {
        // When
        Execution execution = execute(program, tests.replace('|', '\n'));

        // Then
        assertThat(execution.outcome().verdict())
                .as(execution.outcome().toString())
                .isEqualTo(Verdict.PASSED);
    }
}
