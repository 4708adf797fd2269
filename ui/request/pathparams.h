// A field for each `{placeholder}` of the request's path; hidden where there is none.
#pragma once

#include "ui/session.h"

#include <QWidget>

class QLabel;
class QLineEdit;

namespace tokenlab::ui {

class FlowLayout;

class PathParams : public QWidget
{
    Q_OBJECT
public:
    explicit PathParams(QWidget *parent = nullptr);
    void show(const RequestDraft &draft);
    void focusOn(const QByteArray &name); // and marks it until it is filled

signals:
    void edited(const QByteArray &name, const QByteArray &value);

private:
    struct Field {
        QByteArray name;
        QWidget *holder;
        QLineEdit *edit;
    };
    void rebuild(const std::vector<QByteArray> &names);
    FlowLayout *m_flow;
    QLabel *m_title;
    std::vector<Field> m_fields;
};

} // namespace tokenlab::ui
