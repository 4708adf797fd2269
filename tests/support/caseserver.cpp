#include "tests/support/caseserver.h"

namespace tokenlab::testsupport {

playground::Script scriptOf(const CannedReply &reply)
{
    playground::Script script;
    script.status = reply.status;
    script.headers = reply.headers;
    if (reply.status != 204 && reply.status != 304)
        script.body = reply.body;
    return script;
}

CaseServer::CaseServer() : m_server([this](const playground::ServerRequest &request) { return answer(request); }) {}

bool CaseServer::listen()
{
    return m_server.listen().ok();
}

playground::Script CaseServer::answer(const playground::ServerRequest &request) const
{
    const qsizetype mark = request.target.indexOf('?');
    const QByteArray path = mark < 0 ? request.target : request.target.first(mark);
    if (const CannedReply *reply = m_layout ? m_layout->route(path) : nullptr)
        return scriptOf(*reply);
    playground::Script script;
    script.status = 404;
    script.body = "nope";
    return script;
}

} // namespace tokenlab::testsupport
