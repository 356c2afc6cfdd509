<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
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
        <source>%n number(s) or name(s) not found in the source</source>
        <translation>
            <numerusform>%n number or name not found in the source</numerusform>
            <numerusform>%n numbers or names not found in the source</numerusform>
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
    <name>EntitiesResults</name>
    <message numerus="yes">
        <source>%n in all</source>
        <translation>
            <numerusform>%n in all</numerusform>
            <numerusform>%n in all</numerusform>
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
    <name>RowStack</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
</TS>
