"""Asks Apache Spark, on a cluster of two workers on this machine, what DataFusion was asked, and compares.

usage: fleet_spark.py ENTRIES ANSWERS
ENTRIES is a fleet's folder `entries`; ANSWERS has NAME.sql and DataFusion's answer, NAME.jsonl, for each question.
"""

import json
import pathlib
import sys
import time

from pyspark.sql import SparkSession

WORKERS = 2


def session():
    builder = SparkSession.builder.master(f"local-cluster[{WORKERS},1,1024]").appName("propusk fleet")
    settings = {
        "spark.executor.memory": "1g",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        # Station and day are text, whatever they look like.
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.ui.enabled": "false",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def plain(row):
    """A row as JSON lines have it: what is null is left out."""
    return {name: value for name, value in row.asDict().items() if value is not None}


def compare(spark, sql, expected):
    started = time.monotonic()
    found = [plain(row) for row in spark.sql(sql).collect()]
    took = time.monotonic() - started
    if found == expected:
        return f"{len(found)} rows, equal, {took:.1f} s", True
    differ = next((pair for pair in zip(found, expected) if pair[0] != pair[1]), (len(found), len(expected)))
    return f"DIFFERS: Spark has {differ[0]}, DataFusion {differ[1]}", False


def main():
    entries, answers = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    spark = session()
    spark.sparkContext.setLogLevel("ERROR")
    spark.read.parquet(str(entries)).createOrReplaceTempView("entries")
    questions = sorted(answers.glob("*.sql"))
    alike = bool(questions)
    for question in questions:
        lines = question.with_suffix(".jsonl").read_text().splitlines()
        outcome, equal = compare(spark, question.read_text(), [json.loads(line) for line in lines])
        print(f"      {question.stem}: {outcome}", flush=True)
        alike = alike and equal
    executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    print(f"      Spark {spark.version}, {executors} workers", flush=True)
    spark.stop()
    sys.exit(0 if alike and executors == WORKERS else 1)


main()
