"""Reads pictures with OpenCV: `WIDTH HEIGHT`, a line feed and the luma come in, a line of JSON goes out."""

import json
import sys
import time

import cv2
import numpy

detector = getattr(cv2, sys.argv[1])()
cv2.setNumThreads(1)
print(json.dumps(cv2.__version__), flush=True)
while line := sys.stdin.buffer.readline():
    width, height = map(int, line.split())
    luma = numpy.frombuffer(sys.stdin.buffer.read(width * height), numpy.uint8).reshape(height, width)
    start = time.process_time()
    try:
        _, texts, points, _ = detector.detectAndDecodeMulti(luma)
        failure = None
    except Exception as error:  # OpenCV's own, and texts that are not UTF-8.
        texts, points, failure = [], [], str(error)
    cpu = time.process_time() - start
    # A code that was found but not decoded has an empty text.
    found = [[text, corners.tolist()] for text, corners in zip(texts, points if texts else []) if text]
    print(json.dumps({"cpu": cpu, "found": found, "failure": failure}), flush=True)
