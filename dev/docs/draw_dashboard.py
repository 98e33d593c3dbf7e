"""Draws the panels of a Grafana dashboard with what a Prometheus answers to their questions."""

import json
import math
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.dates import DateFormatter
from datetime import datetime, timezone

COLUMNS = 24
STEP = 5


def asked(server, path, **parameters):
    url = f"{server}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(url) as answer:
            return json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as refused:
        sys.exit(f"{parameters['query']}: {json.load(refused)['error']}")


def expression(target):
    """As Grafana sends it where all clusters are chosen."""
    return target["expr"].replace("$namespace", ".*").replace("$name", ".*")


def legend(target, labels):
    form = target.get("legendFormat") or ", ".join(f"{k}={v}" for k, v in labels.items())
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda m: labels.get(m.group(1), ""), form)


def scaled(value, unit):
    if unit == "percentunit":
        return f"{value * 100:.0f} %"
    if unit in ("bytes", "short") and abs(value) >= 1000:
        base, units = (1024, ["", "Ki", "Mi", "Gi"]) if unit == "bytes" else (1000, ["", "k", "M", "G"])
        power = min(3, int(math.log(abs(value), base)))
        return f"{value / base ** power:.3g} {units[power]}{'B' if unit == 'bytes' else ''}"
    if unit == "bytes":
        return f"{value:.3g} B"
    return f"{value:.3g}" + {"s": " s", "ops": "/s", "reqps": "/s"}.get(unit, "")


def timeseries(axes, server, panel, begin, end):
    lines = 0
    for target in panel["targets"]:
        for series in asked(server, "query_range", query=expression(target), start=begin, end=end, step=STEP):
            points = [(t, float(v)) for t, v in series["values"] if not math.isnan(float(v))]
            if not points:
                continue
            lines += 1
            when = [datetime.fromtimestamp(t, timezone.utc) for t, _ in points]
            axes.plot(when, [v for _, v in points], linewidth=1.1, label=legend(target, series["metric"])[:44])
    unit = panel["fieldConfig"]["defaults"].get("unit", "none")
    axes.yaxis.set_major_formatter(lambda value, _: scaled(value, unit))
    axes.xaxis.set_major_formatter(DateFormatter("%H:%M"))
    axes.set_xlim(datetime.fromtimestamp(begin, timezone.utc), datetime.fromtimestamp(end, timezone.utc))
    axes.margins(y=0.15)
    axes.tick_params(labelsize=6)
    axes.grid(alpha=0.25)
    if lines:
        axes.legend(fontsize=5, loc="upper left", framealpha=0.6)
    return lines


def stat(axes, server, panel, end):
    answer = asked(server, "query", query=expression(panel["targets"][0]), time=end)
    axes.axis("off")
    if answer:
        axes.text(0.5, 0.4, scaled(float(answer[0]["value"][1]), "none"), fontsize=22, ha="center", va="center")
    return len(answer)


def table(axes, server, panel, begin, end):
    """What the table showed at the moment of the range in which it had most rows."""
    axes.axis("off")
    series = asked(server, "query_range", query=expression(panel["targets"][0]), start=begin, end=end, step=STEP)
    moments = sorted({t for s in series for t, _ in s["values"]})
    if not moments:
        return 0
    fullest = max(moments, key=lambda t: sum(any(at == t for at, _ in s["values"]) for s in series))
    rows = [s["metric"] for s in series if any(at == fullest for at, _ in s["values"])]
    names = [n for n in rows[0] if n not in ("__name__", "job", "instance", "pod")]
    drawn = axes.table([[r.get(n, "") for n in names] for r in rows], colLabels=names, loc="upper center")
    drawn.auto_set_font_size(False)
    drawn.set_fontsize(5)
    at = datetime.fromtimestamp(fullest, timezone.utc)
    axes.text(0.5, 0.3, f"as it was at {at:%H:%M:%S}", fontsize=6, ha="center")
    return len(rows)


def main(server, dashboard, minutes, out):
    with open(dashboard, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    end = int(time.time())
    begin = end - int(float(minutes) * 60)
    height = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in panels)
    plt.rcParams["font.family"] = "DejaVu Sans"
    figure = plt.figure(figsize=(16, height * 0.34))
    empty = []
    for panel in panels:
        place = panel["gridPos"]
        left, width = place["x"] / COLUMNS, place["w"] / COLUMNS
        bottom = 1 - (place["y"] + place["h"]) / height
        if panel["type"] == "row":
            figure.text(0.01, bottom + 0.3 / height, panel["title"], fontsize=11, weight="bold")
            continue
        axes = figure.add_axes(
            (left + 0.028, bottom + 0.6 / height, width - 0.04, (place["h"] - 1.6) / height)
        )
        axes.set_title(panel["title"], fontsize=8, loc="left")
        if panel["type"] == "stat":
            shown = stat(axes, server, panel, end)
        elif panel["type"] == "table":
            shown = table(axes, server, panel, begin, end)
        elif panel["type"] == "timeseries":
            shown = timeseries(axes, server, panel, begin, end)
        else:
            sys.exit(f"{panel['title']}: a panel of type {panel['type']} cannot be drawn")
        if not shown:
            empty.append(panel["title"])
    figure.savefig(out, dpi=90)
    print(f"{sum(p['type'] != 'row' for p in panels)} panels drawn, {len(empty)} of them without figures: {out}")
    if empty:
        print("nothing was collected for: " + ", ".join(empty))


if __name__ == "__main__":
    main(*sys.argv[1:])
