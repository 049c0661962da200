"""A question of each kind, with a right and a wrong response to it as forms would send them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quizapp.grading.base import opaque_id


@dataclass(frozen=True)
class Sample:
    spec: dict[str, Any]
    right: dict[str, Any]
    wrong: dict[str, Any]


SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: {port}
"""

SAMPLES = {
    "flashcard": Sample(
        spec={"back": "A stable address."},
        right={"recalled": "3"},
        wrong={"recalled": "1"},
    ),
    "single_choice": Sample(
        spec={
            "options": [
                {"text": "ClusterIP", "correct": True},
                {"text": "NodePort", "feedback": "That one opens a port on each node."},
                {"text": "LoadBalancer", "feedback": "That one asks the cloud for a balancer."},
            ]
        },
        right={"option": opaque_id("ClusterIP")},
        wrong={"option": opaque_id("NodePort")},
    ),
    "multiple_choice": Sample(
        spec={
            "options": [
                {"text": "its cluster IP", "correct": True},
                {"text": "any node and the node port", "correct": True},
                {"text": "its external name", "feedback": "It has none of its own."},
            ]
        },
        right={"option": [opaque_id("its cluster IP"), opaque_id("any node and the node port")]},
        wrong={"option": [opaque_id("its external name")]},
    ),
    "short_answer": Sample(
        spec={"accept": ["ClusterIP", "cluster IP"]},
        right={"text": "clusterip"},
        wrong={"text": "NodePort"},
    ),
    "ordering": Sample(
        spec={"steps": ["A claim is made", "A volume is bound", "A Pod mounts it"]},
        right={
            f"position-{opaque_id('A claim is made')}": "1",
            f"position-{opaque_id('A volume is bound')}": "2",
            f"position-{opaque_id('A Pod mounts it')}": "3",
        },
        wrong={
            f"position-{opaque_id('A claim is made')}": "3",
            f"position-{opaque_id('A volume is bound')}": "2",
            f"position-{opaque_id('A Pod mounts it')}": "1",
        },
    ),
    "matching": Sample(
        spec={
            "pairs": [
                {"left": "Called from inside", "right": "ClusterIP"},
                {"left": "An alias", "right": "ExternalName"},
            ]
        },
        right={
            f"match-{opaque_id('Called from inside')}": opaque_id("ClusterIP"),
            f"match-{opaque_id('An alias')}": opaque_id("ExternalName"),
        },
        wrong={
            f"match-{opaque_id('Called from inside')}": opaque_id("ExternalName"),
            f"match-{opaque_id('An alias')}": opaque_id("ClusterIP"),
        },
    ),
    "cloze": Sample(
        spec={
            "text": "The default type is {{type}}.",
            "blanks": {"type": {"accept": ["ClusterIP"]}},
        },
        right={"blank-1": "ClusterIP"},
        wrong={"blank-1": "NodePort"},
    ),
    "manifest": Sample(
        spec={
            "solution": SERVICE.format(port=80),
            "checks": [
                {"path": "spec.selector.app", "equals": "web", "hint": "Select app=web."},
                {"path": "spec.ports[*].port", "equals": 80, "hint": "Clients use port 80."},
            ],
        },
        right={"manifest": SERVICE.format(port=80)},
        wrong={"manifest": SERVICE.format(port=81)},
    ),
}
