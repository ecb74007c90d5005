from bench.release import releases


def test_three_releases_are_measured_and_each_passes_its_audit() -> None:
    rows = releases(seed=5, size=30)
    assert [row.quarter for row in rows] == ["2026Q1", "2026Q2", "2026Q3"]
    assert all(row.passed and 0 < row.shown < row.figures and row.facts >= 30 for row in rows)
    assert all(row.protections >= 1 and 0 <= row.one_way <= 1 for row in rows)
