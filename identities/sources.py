"""The documents that the identities come from."""

from derive import Document

EXAM_2018 = Document("TTIC 31230 Winter 2018, Midterm", key="003")
QUIZ_2020 = Document("TTIC 31230 2020, Quiz 1", key="001")
HOMEWORK = Document("Homework on RNNs, decoding, normalisation and dropout", key="004")
EXAM_2021 = Document("TTIC 31230 Autumn 2021, Exam 1", key="002")
QUIZ_1 = Document("TTIC 31230, Quiz 1", key="000")
