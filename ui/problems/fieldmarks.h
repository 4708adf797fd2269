// Small shapes beside the labels of the forms, where a field's member has a problem; a click tells which, with its fix. Also finds the
// field of a place of the configuration.
#pragma once

#include "ui/problems/problemrunner.h"

#include <QAbstractButton>

namespace tokenlab::ui {

class FieldMark : public QAbstractButton
{
    Q_OBJECT
public:
    // Stays right of the anchor's text, by `gap`.
    explicit FieldMark(QWidget *anchor, int gap = 3);
    void setProblems(const std::vector<problems::Problem> &problems);
    [[nodiscard]] const std::vector<problems::Problem> &problems() const { return m_problems; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();
    QWidget *m_anchor;
    int m_gap;
    std::vector<problems::Problem> m_problems;
};

class FieldMarks : public QObject
{
    Q_OBJECT
public:
    // forms: the signer's and the backend's.
    FieldMarks(LabSession *session, ProblemRunner *runner, QWidget *signerForm, QWidget *backendForm);
    void showProblems();
    // The form field of a place of the chosen endpoint; none: only the text has it.
    [[nodiscard]] QWidget *fieldFor(const QByteArray &pointer) const;
    [[nodiscard]] bool isSignerField(const QWidget *field) const { return m_signerForm->isAncestorOf(field); }

signals:
    void placeAsked(const QByteArray &pointer, std::size_t endpoint);

private:
    struct Field {
        QWidget *form, *field;
        QByteArray member; // behind the object of its kind, as in a pointer
        enum Object { Signer, Backend, Endpoint } object;
        FieldMark *mark;
    };
    void add(QWidget *form, Field::Object object, const char *member, const char *field, const char *anchor = nullptr);
    [[nodiscard]] QByteArray pointerOf(const Field &field) const;
    LabSession *m_session;
    ProblemRunner *m_runner;
    QWidget *m_signerForm, *m_backendForm;
    std::vector<Field> m_fields;
    std::map<QWidget *, FieldMark *> m_marks; // by anchor: two members may share one
    FieldMark *m_foldMark = nullptr;          // of the fields that are folded away
};

} // namespace tokenlab::ui
