#include "core/cluster/cluster_state.h"

#include "core/base/json.h"
#include "core/cluster/files.h"

#include <algorithm>
#include <array>

namespace llmemory::cluster {

namespace {

constexpr std::array kPhases{
    "creating", "starting", "recovering", "ready", "stopping", "stopped", "failed"};

Json errorToJson(const Error &error)
{
    return {{"kind", int(error.kind)},
            {"message", toJson(error.message)},
            {"detail", toJson(error.detail)},
            {"code", toJson(error.code)},
            {"sqlstate", toJson(error.sqlState)}};
}

Error errorFromJson(const Json &json)
{
    const Json number = json.value("kind", Json());
    const int kind = number.is_number_integer() ? number.get<int>() : -1;
    const bool isKnown = kind >= 0 && kind <= int(ErrorKind::Internal);
    Error error{isKnown ? ErrorKind(kind) : ErrorKind::Internal,
                toQString(json.value("message", Json()))};
    error.detail = toQString(json.value("detail", Json()));
    error.code = toQString(json.value("code", Json()));
    error.sqlState = toQString(json.value("sqlstate", Json()));
    return error;
}

} // namespace

Result<> ClusterState::write(const QString &path) const
{
    Json json{{"run", toJson(run)},
              {"supervisor", supervisor},
              {"postmaster", postmaster},
              {"phase", kPhases.at(size_t(phase))},
              {"cluster", toJson(clusterDirectory)},
              {"major", major},
              {"socket", toJson(socketDirectory)},
              {"read_only", isReadOnly}};
    if (error)
        json["error"] = errorToJson(*error);
    return files::writeAtomically(path, toUtf8(json));
}

Result<ClusterState> ClusterState::read(const QString &path)
{
    const auto text = files::readSmall(path);
    if (!text)
        return text.error();
    const auto json = parseJson(*text, QStringLiteral("cluster.state"));
    if (!json)
        return json.error();
    const Error unreadable = Error::validation(QStringLiteral("cluster.state"), path);
    if (!json->is_object())
        return unreadable;
    const auto phase = std::find_if(kPhases.begin(), kPhases.end(), [&](const char *name) {
        return json->value("phase", Json()) == name;
    });
    if (phase == kPhases.end())
        return unreadable;
    const auto number = [&](const char *key) {
        const Json value = json->value(key, Json());
        return value.is_number_integer() ? value.get<int>() : 0;
    };
    ClusterState state;
    state.phase = Phase(phase - kPhases.begin());
    state.run = toQString(json->value("run", Json()));
    state.supervisor = number("supervisor");
    state.postmaster = number("postmaster");
    state.clusterDirectory = toQString(json->value("cluster", Json()));
    state.major = number("major");
    state.socketDirectory = toQString(json->value("socket", Json()));
    state.isReadOnly = json->value("read_only", Json()) == true;
    if (const Json error = json->value("error", Json()); error.is_object())
        state.error = errorFromJson(error);
    return state;
}

} // namespace llmemory::cluster
