"""/health, /ready and /metrics, without a server around them."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from gcm.limits import Limits
from gcm.query import Histogram
from gcm.web import create_app
from gcm.web.metrics import Metrics, write_family, write_histograms
from gcm.web.record import Record


def test_health_asks_nothing_of_the_graph(tmp_path: Path) -> None:
    client = create_app(tmp_path / "none", limits=Limits()).test_client()
    response = client.get("/health")
    assert (response.status_code, response.text) == (200, "The server answers.\n")
    assert response.headers["Cache-Control"] == "no-store"


def test_server_without_a_version_is_not_ready_and_says_why(tmp_path: Path) -> None:
    client = create_app(tmp_path / "none", limits=Limits()).test_client()
    response = client.get("/ready")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.text == "There is no version of the graph to serve. Build one: gcm load.\n"
    assert 'gcm_version_info{version="",' in client.get("/metrics").text


def test_server_with_a_version_and_a_worker_is_ready(client: FlaskClient) -> None:
    response = client.get("/ready")
    assert response.status_code == 200
    assert response.text.startswith("Version ")


def test_metrics_name_version_workers_and_line(world_app: Flask, client: FlaskClient) -> None:
    client.get("/ready")
    text = client.get("/metrics").text
    for name in ("gcm_version_info", "gcm_version_triples", "gcm_workers", "gcm_waiting_queries"):
        assert f"# TYPE {name} gauge\n{name}{{" in text
    assert "# TYPE gcm_wait_seconds histogram\n" in text
    assert world_app.extensions["gcm.metrics"]


def test_requests_and_queries_are_counted() -> None:
    metrics = Metrics()
    query = Record("GET", route="/sparql", status=200, bytes=5, seconds=0.02)
    query.ask("ASK {}")
    stopped = Record("GET", route="/sparql", status=503, bytes=7, limit="query_seconds", seconds=2)
    stopped.ask("ASK {}")
    broken = Record("GET", route="/sparql", status=200, limit="query_seconds", is_broken=True)
    broken.ask("ASK {}")
    for record in (query, stopped, broken, Record("BREW", status=404)):
        metrics.count(record)
    lines = [line for line in metrics.write() if "bucket" not in line and not line.startswith("# HELP")]
    assert [line.rpartition(',process="')[0] or line for line in lines if "_seconds_sum" not in line] == [
        "# TYPE gcm_requests_total counter",
        'gcm_requests_total{route="/sparql",method="GET",status="200"',
        'gcm_requests_total{route="/sparql",method="GET",status="503"',
        'gcm_requests_total{route="none",method="other",status="404"',
        "# TYPE gcm_request_seconds histogram",
        'gcm_request_seconds_count{route="/sparql"',
        'gcm_request_seconds_count{route="none"',
        "# TYPE gcm_queries_total counter",
        'gcm_queries_total{outcome="answered",limit=""',
        'gcm_queries_total{outcome="stopped",limit="query_seconds"',
        'gcm_queries_total{outcome="broken off",limit="query_seconds"',
        "# TYPE gcm_sent_bytes_total counter",
        lines[-1],
    ]
    assert lines[-1].endswith(" 12")


def test_histogram_adds_up() -> None:
    histogram = Histogram((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 7.0):
        histogram.observe(seconds)
    lines = [*write_histograms("x", "Help.", {("", ""): histogram})][2:]
    assert [line.rpartition(" ")[2] for line in lines] == ["2", "3", "4", "7.65", "4"]
    assert [bound for bound, _ in histogram.cumulative()] == [0.1, 1.0, float("inf")]


def test_labels_are_quoted() -> None:
    (_, _, line) = write_family("x", "gauge", "Help.", [({"a": 'b"\\\n'}, 1)])
    assert line.startswith(r'x{a="b\"\\\n",process="')
