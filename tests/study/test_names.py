from __future__ import annotations

import pytest

from quizapp.web.explaining import docs_link


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("docs/concepts/services-networking/service/", "Service"),
        ("docs/reference/networking/virtual-ips/", "Virtual IPs"),
        ("docs/concepts/services-networking/dns-pod-service/", "DNS pod service"),
        ("docs/concepts/workloads/controllers/statefulset/#limitations", "Limitations"),
        ("docs/concepts/workloads/controllers/statefulset/", "StatefulSet"),
        ("docs/concepts/workloads/controllers/ttlafterfinished/", "TTL after finished"),
    ],
)
def test_a_page_of_the_documentation_is_named_as_people_write_it(path: str, name: str) -> None:
    assert docs_link(path)["label"] == name
