"""What the proxy itself decides."""

from pathlib import Path

from tests.ui.browser import free_port
from tests.ui.replicas.proxy import proxied, require_nginx
from tests.ui.replicas.replica import fetched


def test_what_operators_read_is_not_for_readers(tmp_path: Path) -> None:
    require_nginx()

    with proxied(free_port(), (free_port(), free_port()), tmp_path) as address:
        found = {path: fetched(f"{address}/{path}")[0] for path in ("ready", "metrics", "_stcore/metrics", "")}

    assert found == {"ready": 404, "metrics": 404, "_stcore/metrics": 404, "": 502}
