#!/usr/bin/env python3
"""Trains the trees of a model on the features that TransactionFeed wrote, and saves them as XGBoost's JSON for the engine.

    TransactionFeed features --data … --model config/model.yaml --out features.csv.gz
    python3 tools/train.py features.csv.gz --from 2018-05-15 --to 2018-08-01 --out config/model.json

Needs Debian's python3-xgboost, python3-sklearn and python3-pandas. The columns are transactionId, accountId, timestamp, fraud and then the model's features, in
its order; an empty cell is a missing feature. Rows without a label are left out. The same input and options give the same trees.
"""
import argparse
import sys

# Known frauds and their opposite: more recent fraud never makes a payment safer, more genuine payments never make it worse.
INCREASING = ["terminal_fraud_3d", "terminal_fraud_7d", "terminal_small_frauds_7d"]
DECREASING = ["terminal_genuine_1d", "terminal_genuine_3d", "terminal_genuine_7d", "terminal_since_first_fraud"]

PRESETS = {
    # Chosen on four validation weeks of the handbook's data before 2018-08-01.
    "card": dict(trees=150, max_depth=4, eta=0.1, subsample=0.8, colsample_bytree=0.5, min_child_weight=5, reg_lambda=5),
    # XGBoost's own defaults, with which the handbook's table was made.
    "handbook": dict(trees=100, max_depth=6, eta=0.3),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", help="CSV from 'TransactionFeed features', plain or .gz")
    parser.add_argument("--out", required=True, help="where the trees go: the file that 'trees' in the model's file names, beside it")
    parser.add_argument("--from", dest="start", help="train on rows from this time on, such as 2018-05-15")
    parser.add_argument("--to", help="train on rows before this time: later ones are not looked at")
    parser.add_argument("--test-to", help="measure on rows from --to + --gap up to this time")
    parser.add_argument("--gap", default="7D", help="how long a label takes: rows right after --to are left out of the measure (default 7D)")
    parser.add_argument("--preset", choices=PRESETS, default="card", help="parameters to begin with (default card; handbook: XGBoost's own)")
    for name, kind in (("trees", int), ("max-depth", int), ("eta", float), ("subsample", float), ("colsample-bytree", float), ("min-child-weight", float), ("reg-lambda", float)):
        parser.add_argument("--" + name, type=kind, help="instead of the preset's")
    parser.add_argument("--increasing", nargs="*", default=INCREASING, help="features with which the score may only rise, where the model has them")
    parser.add_argument("--decreasing", nargs="*", default=DECREASING, help="features with which the score may only fall, where the model has them")
    parser.add_argument("--predictions", help="write XGBoost's own score of every row to this CSV, to compare it with the engine's")
    parser.add_argument("--seed", type=int, default=0, help="of the rows and features that each tree looks at (default 0)")
    return parser.parse_args()


def main():
    given = arguments()
    try:
        import numpy as np
        import pandas as pd
        import xgboost as xgb
        from sklearn.metrics import average_precision_score, roc_auc_score
    except ImportError as missing:
        sys.exit(f"{missing}. Install Debian's python3-xgboost, python3-sklearn and python3-pandas, and run this with /usr/bin/python3.")

    try:
        rows = pd.read_csv(given.features, dtype={"transactionId": str, "accountId": str})
    except (OSError, ValueError) as wrong:
        sys.exit(f"{given.features}: {wrong}")
    known = ["transactionId", "accountId", "timestamp", "fraud"]
    if list(rows.columns[:4]) != known:
        sys.exit(f"{given.features}: the first columns must be {', '.join(known)}, as 'TransactionFeed features' writes them.")

    names = list(rows.columns[4:])
    time = pd.to_datetime(rows["timestamp"], utc=True)
    labelled = rows["fraud"].notna()
    at = lambda text: pd.Timestamp(text, tz="UTC")
    train = labelled.copy()
    if given.start:
        train &= time >= at(given.start)
    if given.to:
        train &= time < at(given.to)
    frauds = int(rows.loc[train, "fraud"].sum())
    if frauds == 0 or frauds == int(train.sum()):
        sys.exit(f"{given.features}: {int(train.sum())} rows to train on, {frauds} of them frauds. There must be both frauds and genuine ones.")

    parameters = dict(PRESETS[given.preset])
    for name in ("trees", "max_depth", "eta", "subsample", "colsample_bytree", "min_child_weight", "reg_lambda"):
        if getattr(given, name, None) is not None:
            parameters[name] = getattr(given, name)
    trees = parameters.pop("trees")
    trend = [1 if name in given.increasing else -1 if name in given.decreasing else 0 for name in names]
    if given.preset != "handbook" and any(trend):
        parameters["monotone_constraints"] = "(" + ",".join(map(str, trend)) + ")"
    if given.preset != "handbook":
        parameters["tree_method"] = "hist"
    parameters.update(objective="binary:logistic", base_score=0.5, seed=given.seed)

    values = rows[names].to_numpy(np.float32)
    target = rows["fraud"].to_numpy(np.float32)
    print(f"Training {trees} trees on {int(train.sum()):,} rows, {frauds:,} of them frauds, with {len(names)} features.")
    booster = xgb.train(parameters, xgb.DMatrix(values[train], target[train], feature_names=names), trees)
    booster.save_model(given.out)
    print(f"Wrote {given.out}.")

    if given.predictions:
        scored = rows[["transactionId", "accountId"]].assign(score=booster.predict(xgb.DMatrix(values, feature_names=names)))
        scored.to_csv(given.predictions, index=False, float_format="%.9g")

    if given.test_to:
        if not given.to:
            sys.exit("--test-to goes with --to.")
        test = labelled & (time >= at(given.to) + pd.Timedelta(given.gap)) & (time < at(given.test_to))
        scores = booster.predict(xgb.DMatrix(values[test], feature_names=names))
        print(
            f"{int(test.sum()):,} rows that it has not seen, {int(target[test].sum()):,} of them frauds: "
            f"AUC ROC {roc_auc_score(target[test], scores):.4f}, average precision {average_precision_score(target[test], scores):.4f} "
            "(TransactionFeed evaluate measures what the engine makes of it).")
    gain = sorted(booster.get_score(importance_type="total_gain").items(), key=lambda pair: -pair[1])
    total = sum(value for _, value in gain) or 1
    print("What it looks at most: " + ", ".join(f"{name} {value / total:.0%}" for name, value in gain[:8]))


if __name__ == "__main__":
    main()
