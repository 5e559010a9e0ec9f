# What the action's scripts share. They read the environment only: no input is ever part of a command's text.
# shellcheck shell=bash
set -Eeuo pipefail
# What goes wrong here must not pass for a verdict.
trap 'exit 5' ERR
unset CDPATH

# shellcheck disable=SC2034
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# What a workflow command's message may not contain as it is.
escape_message() {
  local text=${1//%/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

warn() {
  printf '::warning title=perfwarden::%s\n' "$(escape_message "$1")"
}

# name=value for later steps; the delimiter is random, so that no value can end it.
set_output() {
  local delimiter
  delimiter=perfwarden-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  case $2 in
    *"$delimiter"*) return 1 ;;
  esac
  printf '%s<<%s\n%s\n%s\n' "$1" "$delimiter" "$2" "$delimiter" >>"${GITHUB_OUTPUT:?}"
}

# Wrong usage of the action: nothing has been run. The value itself stays out of the message.
refuse() {
  printf '::error title=perfwarden::%s\n' "$(escape_message "$1")"
  set_output exit-code 2
  set_output verdict error
  exit 2
}

# The value of an input by its name in action.yml; an input that this action does not have is empty.
input() {
  local variable=INPUT_${1^^}
  variable=${variable//-/_}
  printf '%s' "${!variable-}"
}

# A path as cd and tests take it, whatever it begins with.
as_path() {
  case $1 in
    /*) printf '%s' "$1" ;;
    *) printf './%s' "$1" ;;
  esac
}
