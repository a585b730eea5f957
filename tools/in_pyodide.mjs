// Runs pytest inside Pyodide: node in_pyodide.mjs FOLDER REPOSITORY ARGUMENTS...
// FOLDER holds what tools/in_pyodide.py has installed: node_modules/pyodide and site.
const [folder, repository, ...args] = process.argv.slice(2);
const { loadPyodide } = await import(`${folder}/node_modules/pyodide/pyodide.mjs`);
const python = await loadPyodide({ env: { AUTOGRAD_BP_PURE: "1", HOME: "/tmp" } });
python.mountNodeFS("/repository", repository);
python.mountNodeFS("/site", `${folder}/site`);
python.globals.set("arguments", python.toPy(args));
process.exit(
  await python.runPythonAsync(`
import os, sys
sys.path[:0] = ["/repository", "/site", "/repository/tools"]
sys.dont_write_bytecode = True
os.chdir("/repository")
import pytest
# A test that was refused the event loop leaves a coroutine that nobody awaits.
quiet = ["-W", "ignore:coroutine:RuntimeWarning", "-W", "ignore::pytest.PytestUnraisableExceptionWarning"]
# pytest refuses to rewrite the assertions of what was imported before it.
code = pytest.main(["-p", "no:cacheprovider", "-p", "in_pyodide", *quiet, *arguments])
import autograd_bp
print(sys.version.partition("(")[0], autograd_bp.info()["platform"], autograd_bp.info()["core"])
int(code)
`),
);
