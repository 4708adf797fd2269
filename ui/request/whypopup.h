// The trace of one stage: what happened, the gateway's own words, the rule, the place; closes by Esc or a click elsewhere.
#pragma once

#include "core/twin/outcome.h"

#include <QFrame>

namespace tokenlab::ui {

class WhyPopup : public QFrame
{
    Q_OBJECT
public:
    // absent: the endpoint has nothing that this stage could do.
    WhyPopup(twin::Stage stage, const std::vector<twin::TraceStep> &steps, bool absent, QWidget *parent);
    void offerConnection(); // the keys did not come from their host
    void showBelow(const QWidget *anchor);

signals:
    void placeAsked(const QByteArray &pointer);
    void connectionAsked();
};

} // namespace tokenlab::ui
