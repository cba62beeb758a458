#!/bin/sh
# Collects text pairs for training the embedding model from Debian's packages: downloads them with apt-get, unpacks them
# below WORKDIR/root without installing anything, and writes WORKDIR/pairs/*.tsv.gz (see SOURCES.md).
# Needs python3 and python3-lxml. Takes 1.1 GB of downloads, 7 GB of disk and some 15 minutes.
#
# usage: collect_debian.sh WORKDIR
# DEBIAN_SOURCES: apt's list of Debian's archive, /etc/apt/sources.list.d/debian.sources unless set.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 WORKDIR" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
work=$(cd "$1" && pwd)
mkdir -p "$work/lists/partial" "$work/debs" "$work/root" "$work/pairs"

description_languages="en ca cs da de el eo es eu fi fr hr hu id it ja km ko lt ml nb nl pl pt pt_BR ro ru sk sr
    sv tr uk vi zh zh_CN zh_TW"

libreoffice="en-us ca cs da de el es fi fr hi hu id it ja ko nl pl pt-br ru sv tr vi zh-cn"

dictionaries="dict-devil dict-elements dict-foldoc dict-gcide dict-jargon dict-vera stardict-xmlittre"
freedict="ara-eng dan-eng deu-bul deu-ell deu-eng deu-fin deu-fra deu-ind deu-pol deu-rus deu-spa deu-swe
    ell-eng eng-ara eng-bul eng-ces eng-deu eng-ell eng-fin eng-fra eng-hin eng-hun eng-ind eng-ita eng-jpn
    eng-nld eng-nor eng-pol eng-por eng-rus eng-spa eng-swe eng-tur fin-eng fra-deu fra-eng fra-rus fra-spa
    fra-tur hun-eng ita-rus ita-tur jpn-eng nld-eng nld-spa pol-deu pol-eng pol-rus por-eng spa-eng swe-deu
    swe-eng"

manuals="apache2-doc debian-faq debian-handbook debian-policy developers-reference gnome-user-docs gnumeric-doc
    installation-guide-amd64 kalzium kalzium-data kstars kstars-data lilypond-doc-html maint-guide marble-data
    step"
debian_reference="de en es fr id it ja pt zh-cn"
debian_faq="de fr it ja nl pt ru zh-cn"
developers_reference="de fr it ja ru"
maint_guide="ca de es fr it ja ru vi zh-cn"
aptitude="cs en es fi fr it ja nl ru"
lilypond="de es fr it ja"

programs="apt coreutils curl dpkg e2fsprogs ffmpeg findutils git-man gpg grep imagemagick-6-common iproute2
    man-db manpages manpages-dev mount openssh-client openssl procps rsync sed systemd tar util-linux"
manpages="cs da de es fi fr hu id it ja nl pl pt-br ro ru sv tr uk vi zh de-dev es-dev fr-dev ja-dev pl-dev
    ru-dev"

catalogues="evolution-common gcompris-qt-data gimp-data gnucash-common gnumeric-common gramps inkscape iso-codes
    kgeography-data"
stories="freeciv-data wesnoth-1.16-dm wesnoth-1.16-ei wesnoth-1.16-httt wesnoth-1.16-l wesnoth-1.16-low
    wesnoth-1.16-nr wesnoth-1.16-sof wesnoth-1.16-trow wesnoth-1.16-tsg wesnoth-1.16-utbs"

english="git-doc grass-doc krb5-doc linux-doc-6.1 maxima-doc nodejs-doc octave-doc perl-doc postgresql-doc-15
    python-astropy-doc python-django-doc python-pandas-doc python-scipy-doc python-sklearn-doc python3.11-doc
    r-doc-html rust-doc sagemath-doc sqlite3-doc"

# apt-get with lists of its own, since a machine's lists often lack translated descriptions.
archive() {
    apt-get -q -o Dir::State::lists="$work/lists" -o Acquire::Languages="$(echo "$description_languages" | tr -s " \n" ,)" \
        -o Acquire::GzipIndexes=false -o Dir::Etc::sourceparts=- \
        -o Dir::Etc::sourcelist="${DEBIAN_SOURCES:-/etc/apt/sources.list.d/debian.sources}" "$@"
}

# Prints the names of packages that begin with $1.
with_prefix() {
    prefix=$1
    shift
    for name in "$@"; do
        echo "$prefix$name"
    done
}

# Downloads the named packages and unpacks each below root/.
fetch() {
    (cd "$work/debs" && archive download "$@")
    for archive_file in "$work"/debs/*.deb; do
        package=$(basename "$archive_file" | sed 's/_.*//')
        if [ ! -d "$work/root/$package" ]; then
            rm -rf "$work/unpacked"
            dpkg-deb -x "$archive_file" "$work/unpacked"
            mv "$work/unpacked" "$work/root/$package"
        fi
    done
}

extract() {
    nice -n 10 /usr/bin/python3 "$here/extract_$1.py" "$work"
}

archive update
extract descriptions
# The names are lists of words on purpose.
# shellcheck disable=SC2046,SC2086
{
    fetch $(with_prefix libreoffice-help- $libreoffice)
    extract libreoffice
    fetch $dictionaries $(with_prefix dict-freedict- $freedict)
    extract dictionaries
    fetch $manuals $english \
        $(with_prefix debian-reference- $debian_reference) $(with_prefix debian-faq- $debian_faq) \
        $(with_prefix developers-reference- $developers_reference) $(with_prefix maint-guide- $maint_guide) \
        $(with_prefix aptitude-doc- $aptitude) $(with_prefix lilypond-doc-html- $lilypond)
    extract manuals
    fetch $programs $(with_prefix manpages- $manpages)
    extract manpages
    fetch $catalogues $stories
    extract catalogues
    extract freeciv
}
