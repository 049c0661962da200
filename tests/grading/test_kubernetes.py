"""Structure: what the schema says of an object, in sentences."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quizapp.grading.kubernetes import VERSION, structure_problems

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web"},
    "spec": {"containers": [{"name": "web", "image": "nginx:1.27"}]},
}
SCALING = "spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: web}}"


def sentences(source: str) -> list[str]:
    return [problem.message for problem in structure_problems(yaml.safe_load(source))]


def service(spec: str) -> str:
    return f"{{apiVersion: v1, kind: Service, spec: {{{spec}}}}}"


def pod(container: str) -> str:
    return f"{{apiVersion: v1, kind: Pod, spec: {{containers: [{{{container}}}]}}}}"


def test_the_schemas_of_the_pinned_version_are_there() -> None:
    folder = files("kubernetes_validate") / "kubernetes-json-schema"
    assert (folder / f"v{VERSION}.0-local-strict").is_dir()


@pytest.mark.parametrize(
    "source",
    [
        json.dumps(POD),
        "{apiVersion: v1, kind: Pod, spec: {affinity: null, containers: [{name: a}]}}",
        service("ports: [{port: 80, targetPort: 8080}, {port: 81, targetPort: http}]"),
        service("ports: [{port: 80, targetPort: null}]"),
        pod("name: a, resources: {limits: {cpu: 0.5, memory: 1Gi, nvidia.com/gpu: 1}}"),
        f"{{apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler, {SCALING}}}",
        f"{{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, {SCALING}}}",
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy}",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role}",
        "{apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: x}",
    ],
)
def test_sound_objects_have_no_problems(source: str) -> None:
    assert sentences(source) == []


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("hello", "A manifest is a mapping of fields such as `kind`, but this is text."),
        ("[1]", "A manifest is a mapping of fields such as `kind`, but this is a list."),
        ("{kind: Pod}", "`apiVersion` is missing; it is required."),
        ("{apiVersion: v1}", "`kind` is missing; it is required."),
        ("{apiVersion: v1, kind: [Pod]}", "`kind` must be text, but is a list."),
        ("{apiVersion: 1, kind: Pod}", "`apiVersion` must be text, but is a number."),
        (
            "{apiVersion: apps/v1, kind: Pod}",
            "There is no `Pod` in `apps/v1`; `Pod` is in `v1`.",
        ),
        (
            f"{{apiVersion: autoscaling/v3, kind: HorizontalPodAutoscaler, {SCALING}}}",
            (
                "There is no `HorizontalPodAutoscaler` in `autoscaling/v3`; "
                "`HorizontalPodAutoscaler` is in `autoscaling/v1` or `autoscaling/v2`."
            ),
        ),
        (
            "{apiVersion: v1, kind: pod}",
            f"Kubernetes {VERSION} has no kind `pod`; did you mean `Pod`?",
        ),
        (
            "{apiVersion: v1, kind: DeleteOptions}",
            f"Kubernetes {VERSION} has no kind `DeleteOptions`.",
        ),
        (
            "{apiVersion: v1, kind: ../../etc/passwd}",
            f"Kubernetes {VERSION} has no kind `../../etc/passwd`.",
        ),
        (
            "{apiVersion: v1, kind: Pod, spec: {containers: {name: web}}}",
            "`spec.containers` must be a list, but is a mapping.",
        ),
        (
            "{apiVersion: v1, kind: Pod, spec: {}}",
            "`spec.containers` is missing; it is required.",
        ),
        (pod("image: x"), "`spec.containers[0].name` is missing; it is required."),
        (pod("name: null"), "`spec.containers[0].name` must be text, but is empty."),
        (
            pod("name: a, port: 80"),
            "`spec.containers[0].port` is an unknown field; did you mean `ports`?",
        ),
        (
            pod("name: a, ports: [{containerPort: 80, port: 80}]"),
            (
                "`spec.containers[0].ports[0].port` is an unknown field; "
                "did you mean `containerPort` or `hostPort`?"
            ),
        ),
        (
            pod("name: a, Image: x"),
            "`spec.containers[0].Image` is an unknown field; did you mean `image`?",
        ),
        (
            pod("name: a, nodeSelector: {a: b}"),
            (
                "`spec.containers[0].nodeSelector` is an unknown field here; "
                "it belongs directly under `spec`."
            ),
        ),
        (
            pod("name: a, metadata: {}"),
            "`spec.containers[0].metadata` is an unknown field here; it belongs on the top level.",
        ),
        (pod("name: a, zzz: {}"), "`spec.containers[0].zzz` is an unknown field."),
        (
            pod("name: a, env: [{name: B, value: 80}]"),
            "`spec.containers[0].env[0].value` must be text, but is a number; put it in quotes.",
        ),
        (
            service("selector: {app: no}"),
            "`spec.selector.app` must be text, but is true or false; put it in quotes.",
        ),
        (
            service("selector: {a.b/c: {}}"),
            '`spec.selector["a.b/c"]` must be text, but is a mapping.',
        ),
        (
            service("ports: [{port: '80'}]"),
            "`spec.ports[0].port` must be a whole number, but is text; write it without quotes.",
        ),
        (
            service("ports: [{port: http}]"),
            "`spec.ports[0].port` must be a whole number, but is text.",
        ),
        (
            service("ports: [{port: 80.5}]"),
            "`spec.ports[0].port` must be a whole number, but is a decimal number.",
        ),
        (
            service("ports: [{port: 80, targetPort: [8080]}]"),
            "`spec.ports[0].targetPort` must be text or a whole number, but is a list.",
        ),
        (
            service("publishNotReadyAddresses: 'true'"),
            (
                "`spec.publishNotReadyAddresses` must be true or false, but is text; "
                "write it without quotes."
            ),
        ),
        (
            pod("name: a, resources: {limits: {cpu: {}}}"),
            "`spec.containers[0].resources.limits.cpu` must be text or a number, but is a mapping.",
        ),
    ],
)
def test_a_fault_is_one_sentence(source: str, sentence: str) -> None:
    assert sentences(source) == [sentence]


def test_all_faults_are_told_in_the_order_of_the_fields() -> None:
    problems = structure_problems(
        {
            "apiVersion": "apps/v1",
            "kind": "Pod",
            "spec": {
                "restartPolicy": 1,
                "containers": [{"image": 1}, {"name": "b"}, {"name": 2, "x": 1}],
            },
        }
    )
    assert [problem.path for problem in problems] == [
        ("apiVersion",),
        ("spec", "containers", 0),
        ("spec", "containers", 0, "image"),
        ("spec", "containers", 2, "name"),
        ("spec", "containers", 2, "x"),
        ("spec", "restartPolicy"),
    ]


def test_a_flood_of_faults_is_cut() -> None:
    flood = {**POD, "spec": {"containers": [], **{f"field{index}": 1 for index in range(999)}}}
    assert len(structure_problems(flood)) == 25


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "spec", "name", "ports", "containers", "x`y", ""]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["v1", "apps/v1", "x"]),
    st.sampled_from(["Pod", "Service", "Deployment", "x"]),
    json_values,
)
def test_whatever_an_object_holds_is_sound_or_described(
    api_version: str, kind: str, spec: Any
) -> None:
    document = {"apiVersion": api_version, "kind": kind, "spec": spec}
    first, second = structure_problems(document), structure_problems(document)
    assert first == second
    assert all(problem.message.endswith((".", "?")) for problem in first)
