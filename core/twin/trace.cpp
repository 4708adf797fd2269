#include "core/twin/trace.h"

#include <algorithm>

namespace tokenlab::twin {

TraceStep &Trace::add(Stage stage, StepState state, const QByteArray &rule, const QByteArray &pointer)
{
    TraceStep &step = m_steps.emplace_back();
    step.stage = stage;
    step.state = state;
    step.rule = rule;
    step.pointer = pointer;
    return step;
}

TraceStep &Trace::ok(Stage stage, const QByteArray &rule, const QByteArray &pointer, const QByteArray &detail)
{
    TraceStep &step = add(stage, StepState::Ok, rule, pointer);
    step.detail = detail;
    return step;
}

TraceStep &Trace::failed(Stage stage, const QByteArray &rule, const QByteArray &pointer, const QByteArray &gatewayText,
                         const QByteArray &detail)
{
    TraceStep &step = add(stage, StepState::Failed, rule, pointer);
    step.gatewayText = gatewayText;
    step.detail = detail;
    return step;
}

TraceStep &Trace::warning(Stage stage, const QByteArray &rule, const QByteArray &pointer, const QByteArray &detail)
{
    TraceStep &step = add(stage, StepState::Warning, rule, pointer);
    step.detail = detail;
    return step;
}

void Trace::skipRest()
{
    for (const Stage stage :
         {Stage::Config, Stage::Key, Stage::Request, Stage::Backend, Stage::Shape, Stage::Sign, Stage::Reply, Stage::Validators})
        if (std::none_of(m_steps.begin(), m_steps.end(), [stage](const TraceStep &step) { return step.stage == stage; }))
            add(stage, StepState::Skipped, {}, {});
}

QByteArray pointerTo(const QByteArray &base, const QByteArray &member)
{
    QByteArray escaped = member;
    return base + '/' + escaped.replace('~', "~0").replace('/', "~1");
}

} // namespace tokenlab::twin
