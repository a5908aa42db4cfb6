"""The documents that the identities come from."""

from derive import Document

EXAM_2018 = Document("TTIC 31230 Winter 2018, Midterm", key="003")
QUIZ_2020 = Document("TTIC 31230 2020, Quiz 1", key="001")
HOMEWORK = Document("Homework on RNNs, decoding, normalisation and dropout", key="004")
EXAM_2021 = Document("TTIC 31230 Autumn 2021, Exam 1", key="002")
QUIZ_1 = Document("TTIC 31230, Quiz 1", key="000")

COVER = Document("Cover and Thomas, Elements of Information Theory, 2006", key="CT")
BISHOP = Document("Bishop, Pattern Recognition and Machine Learning, 2006", key="PRML")
WASSERMAN = Document("Wasserman, All of Statistics, 2004", key="AoS")
BOYD = Document("Boyd and Vandenberghe, Convex Optimization, 2004", key="BV")
WILLIAMS = Document("Williams, Simple statistical gradient-following algorithms, 1992", key="W92")
DONSKER = Document("Donsker and Varadhan, Asymptotic evaluation of certain Markov process expectations, 1975", key="DV75")
VASWANI = Document("Vaswani and others, Attention is all you need, 2017", key="V17")
ROFORMER = Document("Su and others, RoFormer: enhanced transformer with rotary position embedding, 2021", key="S21")
RMSNORM = Document("Zhang and Sennrich, Root mean square layer normalization, 2019", key="ZS19")
GOODFELLOW = Document("Goodfellow, Bengio and Courville, Deep Learning, 2016", key="GBC")
