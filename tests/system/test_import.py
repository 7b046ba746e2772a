"""`import cornu` is silent, touches no device and brings no other framework along."""

import json

CHECK = """
import json, sys
import cornu
from jax._src import xla_bridge
print(json.dumps({"touched": xla_bridge.backends_are_initialized(), "loaded": sorted(sys.modules)}))
"""


def test_import_is_silent_and_touches_no_device(fresh_process):
    run = fresh_process(CHECK)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    found = json.loads(run.stdout)  # nothing else was printed
    assert found["touched"] is False
    others = {"tensorflow", "keras", "torch", "matplotlib", "PIL", "sklearn", "google.protobuf", "optax"}
    assert others.isdisjoint(found["loaded"])


def test_version_matches_the_package(fresh_process, repository):
    import tomllib

    declared = tomllib.loads((repository / "pyproject.toml").read_text())["project"]["version"]
    assert fresh_process("import cornu; print(cornu.__version__)").stdout.strip() == declared
