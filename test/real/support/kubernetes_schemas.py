"""Reads a JSON list of Kubernetes objects and prints a JSON list of what their schemas say of each: null, or what is wrong with it.

The schemas are those of Kubernetes, and of the Prometheus operator for its own kinds. Fields that neither knows are wrong, too.
"""
import json
import sys

import kubernetes_validate
from cloudcoil.models.prometheus_operator import v1 as monitoring

KUBERNETES = '1.37'


def verdict(thing):
    try:
        if thing['apiVersion'] == 'monitoring.coreos.com/v1':
            getattr(monitoring, thing['kind']).model_validate(thing, extra='forbid')
        else:
            kubernetes_validate.validate(thing, KUBERNETES, strict=True)
    except Exception as error:  # whatever it is, the test shows it
        return f'{type(error).__name__}: {error}'
    return None


json.dump([verdict(thing) for thing in json.load(sys.stdin)], sys.stdout)
