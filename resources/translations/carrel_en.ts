<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>AnswerCard</name>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n passage</numerusform>
            <numerusform>%n passages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s) that come nearest to the question were read; none answers it.</source>
        <translation>
            <numerusform>%n passage that comes nearest to the question was read; it does not answer it.</numerusform>
            <numerusform>%n passages that come nearest to the question were read; none answers it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckedLine</name>
    <message numerus="yes">
        <source>%n number(s)</source>
        <translation>
            <numerusform>%n number</numerusform>
            <numerusform>%n numbers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n name(s)</source>
        <translation>
            <numerusform>%n name</numerusform>
            <numerusform>%n names</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n number(s), name(s) or quote(s) not found in the source</source>
        <translation>
            <numerusform>%n number, name or quote not found in the source</numerusform>
            <numerusform>%n numbers, names or quotes not found in the source</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ContextDivider</name>
    <message numerus="yes">
        <source>%n message(s) above are no longer seen by the model</source>
        <translation>
            <numerusform>%n message above is no longer seen by the model</numerusform>
            <numerusform>%n messages above are no longer seen by the model</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CoverageBar</name>
    <message numerus="yes">
        <source>{read} of %n part(s)</source>
        <translation>
            <numerusform>{read} of %n part</numerusform>
            <numerusform>{read} of %n parts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeskList</name>
    <message numerus="yes">
        <source>All %n together</source>
        <translation>
            <numerusform>All %n together</numerusform>
            <numerusform>All %n together</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GivenView</name>
    <message numerus="yes">
        <source>%n whole document(s)</source>
        <translation>
            <numerusform>%n whole document</numerusform>
            <numerusform>%n whole documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n passage</numerusform>
            <numerusform>%n passages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s) of the library</source>
        <translation>
            <numerusform>%n passage of the library</numerusform>
            <numerusform>%n passages of the library</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>KeptStateRow</name>
    <message numerus="yes">
        <source>On disk now: {size} of %n conversation(s)</source>
        <translation>
            <numerusform>On disk now: {size} of %n conversation</numerusform>
            <numerusform>On disk now: {size} of %n conversations</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message numerus="yes">
        <source>Drop to read %n document(s)</source>
        <translation>
            <numerusform>Drop to read %n document</numerusform>
            <numerusform>Drop to read %n documents</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MessageDocuments</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelServer</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MostNamed</name>
    <message numerus="yes">
        <source>%n mention(s)</source>
        <translation>
            <numerusform>%n mention</numerusform>
            <numerusform>%n mentions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PromptDialog</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them had been read before</source>
        <translation>
            <numerusform>%n of them had been read before</numerusform>
            <numerusform>%n of them had been read before</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n character(s)</source>
        <translation>
            <numerusform>%n character</numerusform>
            <numerusform>%n characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QuestionBox</name>
    <message numerus="yes">
        <source>Ask about these %n document(s)…</source>
        <translation>
            <numerusform>Ask about this document…</numerusform>
            <numerusform>Ask about these %n documents…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RowStack</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message numerus="yes">
        <source>%n with something that failed</source>
        <translation>
            <numerusform>%n with something that failed</numerusform>
            <numerusform>%n with something that failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunInvitation</name>
    <message numerus="yes">
        <source>Each of the %n document(s) by itself, then all together.</source>
        <translation>
            <numerusform>The document by itself.</numerusform>
            <numerusform>Each of the %n documents by itself, then all together.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SourceList</name>
    <message numerus="yes">
        <source>%n document(s) could not be read</source>
        <translation>
            <numerusform>%n document could not be read</numerusform>
            <numerusform>%n documents could not be read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n document</numerusform>
            <numerusform>%n documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TableList</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TextPage</name>
    <message numerus="yes">
        <source>%n document(s) together</source>
        <translation>
            <numerusform>%n document</numerusform>
            <numerusform>%n documents together</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) removed from the desk</source>
        <translation>
            <numerusform>%n document removed from the desk</numerusform>
            <numerusform>%n documents removed from the desk</numerusform>
        </translation>
    </message>
</context>
</TS>
