"""Verdicts on completions of our own benchmark: Python in forked processes, Java compiled and run in batches.

This is for measuring while the model is made, on completions of our own model. It is no sandbox.
"""

import multiprocessing
import os
import re
import resource
import signal
import subprocess
import tempfile

_RUNNER = """
public class Runner {
    public static void main(String[] names) throws Exception {
        var out = System.out;
        System.setOut(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
        for (String name : java.nio.file.Files.readAllLines(java.nio.file.Path.of(names[0]))) {
            String[] verdict = {"fail"};
            Thread thread = new Thread(() -> {
                try {
                    var main = Class.forName(name).getDeclaredMethod("main", String[].class);
                    main.setAccessible(true);
                    main.invoke(null, (Object) new String[0]);
                    verdict[0] = "pass";
                } catch (Throwable e) {
                    verdict[0] = "fail";
                }
            });
            thread.setDaemon(true);
            thread.start();
            thread.join(5000);
            out.println(name + " " + verdict[0]);
        }
        out.flush();
        Runtime.getRuntime().halt(0);
    }
}
"""
_LIMIT = 2 << 30


def cut(text, stops):
    """The completion up to the first stop token, which is cut off."""
    return text[: min([text.find(stop) for stop in stops if stop in text], default=len(text))]


def program(record, completion):
    """The program that a completion makes: prompt, completion, newline, tests."""
    return record["prompt"] + cut(completion, record["stop_tokens"]) + "\n" + record["tests"]


def make_pool(size=None):
    """Worker processes for Python verdicts; make it before anything touches a GPU."""
    return multiprocessing.get_context("fork").Pool(size or os.cpu_count())


def judge(language, programs, pool=None):
    """Whether each program passes; equal programs are run once."""
    different = list(dict.fromkeys(programs))
    verdicts = judge_java(different) if language == "java" else judge_python(different, pool)
    by_program = dict(zip(different, verdicts))
    return [by_program[text] for text in programs]


def judge_python(programs, pool):
    """Whether each program ends normally, in forked processes with limits on time and memory."""
    return pool.map(_runs, programs, chunksize=4)


def _runs(text):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_AS, (_LIMIT, _LIMIT))
            signal.alarm(3)
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            exec(compile(text, "program", "exec"), {"__name__": "program"})
            status = 0
        except BaseException:  # whatever a generated program raises, exits and interrupts included, is a failure
            status = 1
        os._exit(status)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def judge_java(programs):
    """Whether each program compiles and its main method ends normally with assertions on."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"P{number}" for number in range(len(programs))]
        for name, text in zip(names, programs):
            _write(folder, name, text.replace("class Problem", f"class {name}", 1))
        _write(folder, "Runner", _RUNNER)
        compiled = _compile(folder, names)
        listed = os.path.join(folder, "names")
        with open(listed, "w", encoding="utf-8") as file:
            file.write("\n".join(compiled))
        command = ["java", "-ea", "-Xmx1g", "-cp", os.path.join(folder, "out"), "Runner", listed]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
        passed = {line.split()[0] for line in lines if line.endswith(" pass")}
    return [name in passed for name in names]


def _write(folder, name, text):
    with open(os.path.join(folder, name + ".java"), "w", encoding="utf-8") as file:
        file.write(text)


def _compile(folder, names):
    """Compiles all; those with errors are dropped and the others compiled again."""
    while True:
        arguments = os.path.join(folder, "arguments")
        with open(arguments, "w", encoding="utf-8") as file:
            file.write("\n".join(os.path.join(folder, name + ".java") for name in [*names, "Runner"]))
        command = ["javac", "-nowarn", "-Xmaxerrs", "100000", "-d", os.path.join(folder, "out"), "@" + arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode == 0:
            return names
        failed = set(re.findall(r"/(P\d+)\.java:\d+: error", result.stderr))
        if not failed:
            raise RuntimeError(result.stderr[:2000])
        names = [name for name in names if name not in failed]
