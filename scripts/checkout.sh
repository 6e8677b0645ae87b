# shellcheck shell=bash
# Shared by run, test and bench, which have changed to the root of the checkout.

root=$PWD
name=$(basename "$0")

fail() { echo "$name: $1" >&2; exit 1; }
fail_usage() { echo "$1" >&2; exit 2; }

# --- What a machine needs ------------------------------------------------------------------------------------------------

need_sdk() {
  local wanted='.NET SDK 10.0.100 or newer is needed: get it from https://dotnet.microsoft.com/download/dotnet/10.0'
  command -v dotnet >/dev/null || fail "dotnet is not on the PATH; $wanted"
  local version
  version=$(dotnet --version 2>/dev/null) || version="no fitting one ($(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' '))"
  case $version in
    10.*) ;;
    *) fail "dotnet finds $version; $wanted" ;;
  esac
}

has_postgres() {
  local folder
  command -v postgres >/dev/null && return
  # The folders of packages; LocalServers searches the same ones.
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/lib64/pgsql/bin /usr/libexec/postgresql* /usr/local/pgsql/bin \
    /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin /home/linuxbrew/.linuxbrew/opt/postgresql*/bin \
    /Applications/Postgres.app/Contents/Versions/*/bin; do
    [ -x "$folder/postgres" ] && return
  done
  return 1
}

# Nothing is installed if JAVA_HOME is set, even if it is wrong.
has_java() { [ -n "${JAVA_HOME-}" ] || java -version >/dev/null 2>&1; }

# Runs a command as root, by sudo if that needs no password.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }

ensure_postgres() {
  has_postgres && return
  if command -v apt-get >/dev/null && may_install; then
    echo "$name: installing PostgreSQL (apt-get install postgresql)" >&2
    install_postgres_debian >&2 || true
  elif command -v dnf >/dev/null && may_install; then
    echo "$name: installing PostgreSQL (dnf install postgresql-server)" >&2
    as_root dnf install -y -q postgresql-server >&2 || true
  elif command -v brew >/dev/null; then
    echo "$name: installing PostgreSQL (brew install postgresql@17)" >&2
    brew install --quiet postgresql@17 >&2 || true
  fi
  has_postgres || fail 'PostgreSQL 14 or newer is not installed: install it (Debian: apt-get install postgresql; Red Hat: dnf install postgresql-server; macOS: brew install postgresql@17)'
}

# Debian's package would also create and start a cluster on port 5432.
install_postgres_debian() {
  local setting=/etc/postgresql-common/createcluster.conf added=
  apt_install postgresql-common || return
  if ! grep -q '^ *create_main_cluster' "$setting" 2>/dev/null; then
    added=yes
    echo 'create_main_cluster = false' | as_root tee -a "$setting" >/dev/null
  fi
  local status=0
  apt_install postgresql || status=$?
  if [ -n "$added" ]; then
    as_root sed -i '/^create_main_cluster = false$/d' "$setting"
  fi
  return "$status"
}

apt_install() {
  as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

ensure_java() {
  has_java && return
  if command -v apt-get >/dev/null && may_install; then
    echo "$name: installing Java (apt-get install openjdk-17-jre-headless)" >&2
    apt_install openjdk-17-jre-headless >&2 || true
  elif command -v dnf >/dev/null && may_install; then
    echo "$name: installing Java (dnf install java-17-openjdk-headless)" >&2
    as_root dnf install -y -q java-17-openjdk-headless >&2 || true
  fi
  # The command line reports what is missing.
}

has_chromium() { [ -n "${CHROMIUM-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

# Pages are tested in a browser. Without one the tests report what is missing.
ensure_chromium() {
  has_chromium && return
  if command -v apt-get >/dev/null && may_install; then
    echo "$name: installing Chromium (apt-get install chromium)" >&2
    apt_install chromium >&2 || true
  elif command -v dnf >/dev/null && may_install; then
    echo "$name: installing Chromium (dnf install chromium)" >&2
    as_root dnf install -y -q chromium >&2 || true
  fi
}

# Tests and benchmarks also find Kafka and Elasticsearch in ../shared.
server_homes() {
  if [ -z "${KAFKA_HOME-}" ] && [ -d ../shared/kafka ]; then
    KAFKA_HOME=$(cd ../shared/kafka && pwd)
    export KAFKA_HOME
  fi
  if [ -z "${ELASTICSEARCH_HOME-}" ] && [ -d ../shared/elasticsearch ]; then
    ELASTICSEARCH_HOME=$(cd ../shared/elasticsearch && pwd)
    export ELASTICSEARCH_HOME
  fi
}

# --- Builds --------------------------------------------------------------------------------------------------------------

# A build is a folder named after a hash of its sources. It is created under another name and renamed, so that it is complete, and
# it never changes afterwards, so that running programs keep their files.
draft="$root/.build/draft"
artifacts="$root/.build/artifacts"

# The command line and the host, in one folder: ./run runs the host in the process of the command line.
cli_build() {
  ensure_build cli make_cli src
}

# Names the programs that ./run starts, for tests and benchmarks that start them too.
name_programs() {
  cli_build
  export MONOLITH_CLI="$build/monolith.dll" MONOLITH_HOST="$build/Monolith.Host.dll"
}

bench_build() {
  ensure_build bench make_bench src tests
}

# Returns 1 if the build fails, so that ./test can count it.
tests_build() {
  need_sdk
  build="$root/.build/tests-$(source_hash src tests samples Monolith.slnx)"
  [ -d "$build" ] || under_lock make_tests >&2 || return
  touch "$build"
}

ensure_build() {
  local kind=$1 make=$2
  shift 2
  command -v dotnet >/dev/null || need_sdk
  build="$root/.build/$kind-$(source_hash "$@")"
  if [ ! -d "$build" ]; then
    need_sdk
    under_lock "$make" >&2 || fail 'the build failed; its messages are above'
  fi
  touch "$build"
}

make_cli() {
  [ -d "$build" ] && return
  rm -rf "$draft"
  # Compiled ahead of time, the host starts in half the time. If the compiler's package cannot be restored, it is not.
  if ! dotnet_quietly publish src/Cli -c Release -o "$draft" -p:PublishReadyToRun=true -r "$(runtime_id)" --self-contained false; then
    echo "$name: no ahead-of-time compilation here; building without" >&2
    rm -rf "$draft"
    dotnet_quietly publish src/Cli -c Release -o "$draft" || return
  fi
  mv "$draft" "$build" && remove_old_builds cli 3
}

make_bench() {
  [ -d "$build" ] && return
  rm -rf "$draft"
  dotnet_quietly publish tests/Benchmarks -c Release -o "$draft" && mv "$draft" "$build" && remove_old_builds bench 1
}

make_tests() {
  [ -d "$build" ] && return
  rm -rf "$draft"
  dotnet_quietly build Monolith.slnx -c Release && mkdir "$draft" && cp -R "$artifacts/bin/"Monolith.*.Tests "$draft" && mv "$draft" "$build" && remove_old_builds tests 1
}

# Leaves no build server running, and shares no intermediate files with an IDE or dotnet watch. One compiler process serves all projects of
# the build and ends with it: without it, each project would start the compiler again.
dotnet_quietly() {
  local verb=$1 compiler="monolith-$$-$RANDOM" status=0
  shift
  dotnet "$verb" "$@" --artifacts-path "$artifacts" -nodeReuse:false -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler" \
    -v quiet -nologo 9>&- || status=$?
  pkill -f -- "-pipename:$compiler" 2>/dev/null || true
  return "$status"
}

runtime_id() {
  local system=linux machine=x64
  [ "$(uname -s)" = Darwin ] && system=osx
  case $(uname -m) in arm64 | aarch64) machine=arm64 ;; esac
  if [ "$system" = linux ] && ls /lib/ld-musl-* >/dev/null 2>&1; then system=linux-musl; fi
  echo "$system-$machine"
}

# One build at a time in a checkout. The shell holds the lock; its children must not inherit it (9>&-).
under_lock() {
  mkdir -p "$root/.build"
  (
    exec 9>"$root/.build/lock"
    if command -v flock >/dev/null; then
      flock 9
    else
      perl -e 'open my $lock, ">&=", 9 or die; flock $lock, 2 or die'
    fi
    "$@"
  )
}

source_hash() {
  local sum='sha256sum'
  command -v sha256sum >/dev/null || sum='shasum -a 256'
  # shellcheck disable=SC2086
  { uname -sm; find "$@" Directory.*.props global.json .editorconfig -type d \( -name bin -o -name obj \) -prune -o -type f -print |
    LC_ALL=C sort | tr '\n' '\0' | xargs -0 $sum; } | $sum | cut -c1-16
}

# Keeps the newest builds, and those whose programs run.
remove_old_builds() {
  local kind=$1 kept=$2 running old
  if [ -d /proc/self ]; then
    running=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ') || true
  else
    running=$(ps -A -o args=)
  fi
  # shellcheck disable=SC2012
  ls -1td "$root/.build/$kind-"* | tail -n +$((kept + 1)) | while IFS= read -r old; do
    case $running in
      *"$old/"*) ;;
      *) rm -rf "$old" ;;
    esac
  done
}
