"""Reports in Lighthouse's format, recorded by hand."""

from typing import Any


def make_report(**fields: Any) -> dict[str, Any]:
    report: dict[str, Any] = {
        "lighthouseVersion": "12.8.2",
        "requestedUrl": "https://shop.example/",
        "finalDisplayedUrl": "https://www.shop.example/en/",
        "runWarnings": [],
        "categories": {
            "performance": {
                "id": "performance",
                "score": 0.41,
                "auditRefs": [{"id": "speed-index", "weight": 10}],
            },
            "accessibility": {
                "id": "accessibility",
                "score": 0.8,
                "auditRefs": [{"id": "image-alt", "weight": 10}],
            },
            "best-practices": {
                "id": "best-practices",
                "score": 1,
                "auditRefs": [{"id": "doctype", "weight": 1}],
            },
            "seo": {
                "id": "seo",
                "score": 0.5,
                "auditRefs": [{"id": "meta-description", "weight": 1}, {"id": "hreflang", "weight": 0}],
            },
        },
        "audits": {
            "speed-index": {
                "id": "speed-index",
                "title": "Speed Index",
                "score": 0.2,
                "numericValue": 7_300.4,
            },
            "total-byte-weight": {"id": "total-byte-weight", "score": 0, "numericValue": 2_400_000},
            "image-alt": {
                "id": "image-alt",
                "title": "Image elements do not have `[alt]` attributes",
                "score": 0,
                "details": {"items": [{"node": {"selector": "img.logo"}}, {"node": {"selector": "img"}}]},
            },
            "doctype": {"id": "doctype", "title": "Page has the HTML doctype", "score": 1},
            "meta-description": {"id": "meta-description", "title": "No meta description", "score": 0},
            "hreflang": {"id": "hreflang", "title": "Wrong hreflang", "score": 0},
        },
    }
    return report | fields


def failed_report(
    code: str = "NO_FCP", message: str = "The page did not paint any content."
) -> dict[str, Any]:
    return make_report(runtimeError={"code": code, "message": message})


def report_with(performance: float, speed_index_ms: float = 7_300.4) -> dict[str, Any]:
    report = make_report()
    report["categories"]["performance"]["score"] = performance
    report["audits"]["speed-index"]["numericValue"] = speed_index_ms
    return report
