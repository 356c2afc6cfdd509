<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AnswerCard</name>
    <message>
        <source>From the text</source>
        <translation>来自原文</translation>
    </message>
    <message>
        <source>In the model&apos;s words</source>
        <translation>模型的转述</translation>
    </message>
    <message>
        <source>A very small model wrote this. Trust the quotes more.</source>
        <translation>这是一个很小的模型写的，请更相信引文。</translation>
    </message>
    <message>
        <source>Not in the documents</source>
        <translation>文档中没有</translation>
    </message>
    <message>
        <source>Not in the document</source>
        <translation>文档中没有</translation>
    </message>
    <message>
        <source>Not found in the source: {what}</source>
        <translation>原文中没有：{what}</translation>
    </message>
    <message>
        <source>What the model was shown</source>
        <translation>模型看到的内容</translation>
    </message>
    <message>
        <source>What was read</source>
        <translation>读过的内容</translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n 段</numerusform>
        </translation>
    </message>
    <message>
        <source>the whole text</source>
        <translation>全文</translation>
    </message>
    <message>
        <source>All of it was read, and nothing in it answers this.</source>
        <translation>全文已读，其中没有这个问题的答案。</translation>
    </message>
    <message>
        <source>Nothing in it comes near to this question.</source>
        <translation>其中没有与这个问题相近的内容。</translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s) that come nearest to the question were read; none answers it.</source>
        <translation>
            <numerusform>已读与问题最相近的 %n 段；都没有答案。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AnswerFooter</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Another version that begins with this text and goes on</source>
        <translation>另起一个版本：以这段文字开头，接着写下去</translation>
    </message>
    <message>
        <source>More about this answer</source>
        <translation>关于这个回答的更多信息</translation>
    </message>
    <message>
        <source>Show prompt</source>
        <translation>查看提示词</translation>
    </message>
    <message>
        <source>Show probabilities</source>
        <translation>查看概率</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>被中断</translation>
    </message>
    <message>
        <source>{speed} tokens/s</source>
        <translation>{speed} 词元/秒</translation>
    </message>
    <message>
        <source>cut at the longest answer allowed</source>
        <translation>已达回答长度上限</translation>
    </message>
    <message>
        <source>Seed {seed}</source>
        <translation>种子 {seed}</translation>
    </message>
    <message>
        <source>{prompt} tokens read, {answer} written</source>
        <translation>读入 {prompt} 个词元，写出 {answer} 个</translation>
    </message>
</context>
<context>
    <name>AskResults</name>
    <message>
        <source>Ask in your own words. The answer quotes the text, each quote is checked against it letter by letter, and a click shows where it stands.</source>
        <translation>用自己的话提问。回答会引用原文，每处引文都逐字核对，点击即可看到出处。</translation>
    </message>
    <message>
        <source>Quoted in the answer</source>
        <translation>回答中引用</translation>
    </message>
    <message>
        <source>Quotes</source>
        <translation>引文</translation>
    </message>
</context>
<context>
    <name>AskedBefore</name>
    <message>
        <source>Asked before</source>
        <translation>以前问过</translation>
    </message>
</context>
<context>
    <name>Attachments</name>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>“{name}” holds {count} documents; the first {most} are attached. The library takes them all.</source>
        <translation>“{name}”中有 {count} 个文档；已附上前 {most} 个。资料库可以全部收下。</translation>
    </message>
</context>
<context>
    <name>BlockRow</name>
    <message>
        <source>Not found in the source: {what}</source>
        <translation>原文中没有：{what}</translation>
    </message>
</context>
<context>
    <name>BranchSwitcher</name>
    <message>
        <source>Previous version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一个版本</translation>
    </message>
    <message>
        <source>{number} / {count}</source>
        <translation>{number} / {count}</translation>
    </message>
</context>
<context>
    <name>CellPane</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>From the file</source>
        <translation>来自文件</translation>
    </message>
    <message>
        <source>{share} sure</source>
        <translation>把握 {share}</translation>
    </message>
    <message>
        <source>Not found in the source: {what}</source>
        <translation>原文中没有：{what}</translation>
    </message>
    <message>
        <source>In the words of {model}</source>
        <translation>{model} 的话</translation>
    </message>
</context>
<context>
    <name>ChangedNote</name>
    <message>
        <source>The file has changed on disk</source>
        <translation>磁盘上的文件已更改</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
</context>
<context>
    <name>ChatDocuments</name>
    <message>
        <source>Sent as soon as the documents are read…</source>
        <translation>文档读完后立即发送…</translation>
    </message>
    <message>
        <source>The library is empty. Put documents or folders into it first.</source>
        <translation>资料库是空的。请先放入文档或文件夹。</translation>
    </message>
    <message>
        <source>Answer from the documents of the library, too</source>
        <translation>也根据资料库中的文档回答</translation>
    </message>
    <message>
        <source>Attach documents</source>
        <translation>附上文档</translation>
    </message>
</context>
<context>
    <name>ChatHeader</name>
    <message>
        <source>Show or hide the list</source>
        <translation>显示或隐藏列表</translation>
    </message>
    <message>
        <source>Show or hide the list  (Ctrl+B)</source>
        <translation>显示或隐藏列表  (Ctrl+B)</translation>
    </message>
</context>
<context>
    <name>ChatPage</name>
    <message>
        <source>Drop here to ask about it in the chat</source>
        <translation>拖到这里即可在对话中提问</translation>
    </message>
    <message>
        <source>Enter sends · Shift Enter for a new line</source>
        <translation>回车发送 · Shift+回车换行</translation>
    </message>
    <message>
        <source>Answer copied</source>
        <translation>已复制回答</translation>
    </message>
    <message>
        <source>{used} of {all} tokens</source>
        <translation>{used} / {all} 词元</translation>
    </message>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
</context>
<context>
    <name>CheckedLine</name>
    <message numerus="yes">
        <source>%n number(s)</source>
        <translation>
            <numerusform>%n 个数字</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n name(s)</source>
        <translation>
            <numerusform>%n 个名称</numerusform>
        </translation>
    </message>
    <message>
        <source>{numbers} and {names} found in the source</source>
        <translation>{numbers}和{names}在原文中找到</translation>
    </message>
    <message>
        <source>{one} found in the source</source>
        <translation>{one}在原文中找到</translation>
    </message>
    <message numerus="yes">
        <source>%n number(s), name(s) or quote(s) not found in the source</source>
        <translation>
            <numerusform>有 %n 处数字、名称或引文在原文中找不到</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CitedText</name>
    <message>
        <source>The source does not have this: it may be made up.</source>
        <translation>原文中没有这一点：可能是编造的。</translation>
    </message>
    <message>
        <source>Show in the text: {place}</source>
        <translation>在原文中查看：{place}</translation>
    </message>
</context>
<context>
    <name>ColumnChoice</name>
    <message>
        <source>Add a question</source>
        <translation>添加问题</translation>
    </message>
    <message>
        <source>A question to every file, such as: Who signed it?</source>
        <translation>向每个文件提的问题，例如：谁签署的？</translation>
    </message>
    <message>
        <source>Question to every file</source>
        <translation>向每个文件提的问题</translation>
    </message>
    <message>
        <source>Leave this question away</source>
        <translation>去掉这个问题</translation>
    </message>
</context>
<context>
    <name>ColumnsDialog</name>
    <message>
        <source>Ask more of these files</source>
        <translation>再问这些文件</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>What to find in each file</source>
        <translation>在每个文件中查找</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Attach documents</source>
        <translation>附上文档</translation>
    </message>
    <message>
        <source>Attach documents  (Ctrl+O)</source>
        <translation>附上文档（Ctrl+O）</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Ask about the documents…</source>
        <translation>就文档提问…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
</context>
<context>
    <name>ComposerEdit</name>
    <message>
        <source>Ask, or drop a document anywhere…</source>
        <translation>提问，或把文档拖到任意位置…</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
</context>
<context>
    <name>ContextDivider</name>
    <message>
        <source>What the model was told instead</source>
        <translation>模型看到的替代内容</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) above are no longer seen by the model</source>
        <translation>
            <numerusform>模型不再看到上面的 %n 条消息</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConversationDelegate</name>
    <message>
        <source>Title of the conversation</source>
        <translation>对话标题</translation>
    </message>
</context>
<context>
    <name>ConversationKeeper</name>
    <message>
        <source>Export the conversation</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Saved as {name}</source>
        <translation>已保存为 {name}</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Deleted “{title}”</source>
        <translation>已删除“{title}”</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>ConversationList</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>New chat  (Ctrl+N)</source>
        <translation>新对话  (Ctrl+N)</translation>
    </message>
    <message>
        <source>No title has that in it.</source>
        <translation>没有标题包含这些字。</translation>
    </message>
    <message>
        <source>Your conversations will be listed here.</source>
        <translation>你的对话会列在这里。</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Export as Markdown…</source>
        <translation>导出为 Markdown…</translation>
    </message>
    <message>
        <source>Export as JSON…</source>
        <translation>导出为 JSON…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>ConversationModel</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Last week</source>
        <translation>上周</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>更早</translation>
    </message>
</context>
<context>
    <name>Conversion</name>
    <message>
        <source>This processor would read faster with “{name}” as {quantization}. The file itself stays as it is.</source>
        <translation>把“{name}”转换为 {quantization} 后，这台电脑的处理器读得更快。原文件保持不变。</translation>
    </message>
    <message>
        <source>Convert</source>
        <translation>转换</translation>
    </message>
    <message>
        <source>Converted to {quantization}, but it did not pay: {speed} tokens/s read instead of {before}, perplexity {change}. The model stays as it was.</source>
        <translation>已转换为 {quantization}，但并不划算：阅读速度为 {speed} 词元/秒，原来是 {before}，困惑度变化 {change}。模型保持原样。</translation>
    </message>
    <message>
        <source>Converted to {quantization}: prompts are read {gain} times as fast, {speed} tokens/s instead of {before}. Perplexity changed by {change}.</source>
        <translation>已转换为 {quantization}：阅读提示词的速度是原来的 {gain} 倍，{speed} 词元/秒，原来是 {before}。困惑度变化 {change}。</translation>
    </message>
</context>
<context>
    <name>CountChart</name>
    <message>
        <source>Most frequent names</source>
        <translation>最常出现的名称</translation>
    </message>
    <message>
        <source>Save chart as {form}…</source>
        <translation>将图表保存为 {form}…</translation>
    </message>
</context>
<context>
    <name>CoverageBar</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop; what was found so far is kept  (Esc)</source>
        <translation>停止；已得到的结果会保留  (Esc)</translation>
    </message>
    <message>
        <source>Read whole</source>
        <translation>已通读全文</translation>
    </message>
    <message>
        <source>Read in part</source>
        <translation>只读了一部分</translation>
    </message>
    <message numerus="yes">
        <source>{read} of %n part(s)</source>
        <translation>
            <numerusform>{read} / %n 部分</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong</source>
        <translation>出了点问题</translation>
    </message>
    <message>
        <source>Carrel made a mistake</source>
        <translation>书斋出错了</translation>
    </message>
    <message>
        <source>Your conversations and documents are saved. You can go on working; if the window behaves oddly, start Carrel again. The report below stays on this computer unless you send it yourself.</source>
        <translation>你的对话和文档都已保存，可以继续使用；如果窗口表现异常，请重新启动书斋。下面的报告只留在这台电脑上，除非你自己发送。</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Quit Carrel</source>
        <translation>退出书斋</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>DeskList</name>
    <message>
        <source>Find in documents</source>
        <translation>查找文档</translation>
    </message>
    <message>
        <source>Find a document by its name</source>
        <translation>按名称查找文档</translation>
    </message>
    <message>
        <source>Open or drop</source>
        <translation>打开或拖入</translation>
    </message>
    <message>
        <source>Open documents  (Ctrl+O)</source>
        <translation>打开文档  (Ctrl+O)</translation>
    </message>
    <message>
        <source>Paste text</source>
        <translation>粘贴文本</translation>
    </message>
    <message>
        <source>Paste text as a document  (Ctrl+V)</source>
        <translation>把文本粘贴为文档  (Ctrl+V)</translation>
    </message>
    <message>
        <source>On the desk</source>
        <translation>书桌上</translation>
    </message>
    <message>
        <source>Summarize them or ask about them together  (Ctrl or Shift and a click: some)</source>
        <translation>一起总结或提问（按住 Ctrl 或 Shift 点击可选择部分）</translation>
    </message>
    <message numerus="yes">
        <source>All %n together</source>
        <translation>
            <numerusform>%n 个一起</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove from the desk</source>
        <translation>从书桌移走</translation>
    </message>
</context>
<context>
    <name>DeskSession</name>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>“{name}” holds {count} documents; the first {most} are on the desk.</source>
        <translation>“{name}”中有 {count} 个文档；前 {most} 个已放到书桌上。</translation>
    </message>
</context>
<context>
    <name>DocumentChip</name>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
    <message>
        <source>Remove  (Del)</source>
        <translation>移除（Del）</translation>
    </message>
</context>
<context>
    <name>DocumentTray</name>
    <message>
        <source>Attached documents</source>
        <translation>附上的文档</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在阅读…</translation>
    </message>
</context>
<context>
    <name>DocumentView</name>
    <message>
        <source>Text of the document</source>
        <translation>文档正文</translation>
    </message>
</context>
<context>
    <name>DropInvitation</name>
    <message>
        <source>Drop a document here</source>
        <translation>把文档拖到这里</translation>
    </message>
    <message>
        <source>{kinds}. Everything is read whole, on this computer, and summarized at once; questions, moods and names are a click away.</source>
        <translation>{kinds}。一切都在本机完整阅读并立即总结；提问、情感和名称只需一次点击。</translation>
    </message>
    <message>
        <source>Open a document…</source>
        <translation>打开文档…</translation>
    </message>
    <message>
        <source>Paste text</source>
        <translation>粘贴文本</translation>
    </message>
</context>
<context>
    <name>DropOverlay</name>
    <message>
        <source>It stays on this computer.</source>
        <translation>它只留在这台电脑上。</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>Edit your message</source>
        <translation>编辑你的消息</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Send as a new branch</source>
        <translation>作为新分支发送</translation>
    </message>
</context>
<context>
    <name>EntitiesResults</name>
    <message>
        <source>A very small model sorted these; look at doubtful ones in the text.</source>
        <translation>由很小的模型归类；有疑问的请对照原文。</translation>
    </message>
    <message>
        <source>No names were found.</source>
        <translation>没有找到实体。</translation>
    </message>
    <message>
        <source>Find a name</source>
        <translation>查找实体</translation>
    </message>
</context>
<context>
    <name>EntityModel</name>
    <message>
        <source>How sure the reader is, over all mentions</source>
        <translation>阅读者对所有提及的平均把握</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>次数</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>把握</translation>
    </message>
</context>
<context>
    <name>EntityTable</name>
    <message>
        <source>Names; Enter goes to the next mention</source>
        <translation>实体；按回车跳到下一处</translation>
    </message>
    <message>
        <source>Sort by: {column}</source>
        <translation>排序：{column}</translation>
    </message>
    <message>
        <source>Copy name</source>
        <translation>复制名称</translation>
    </message>
    <message>
        <source>Also: {forms}</source>
        <translation>又作：{forms}</translation>
    </message>
</context>
<context>
    <name>ErrorCard</name>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>Facts</name>
    <message>
        <source>1 page</source>
        <translation>1 页</translation>
    </message>
    <message>
        <source>{count} pages</source>
        <translation>{count} 页</translation>
    </message>
    <message>
        <source>1 slide</source>
        <translation>1 张幻灯片</translation>
    </message>
    <message>
        <source>{count} slides</source>
        <translation>{count} 张幻灯片</translation>
    </message>
    <message>
        <source>1 sheet</source>
        <translation>1 个工作表</translation>
    </message>
    <message>
        <source>{count} sheets</source>
        <translation>{count} 个工作表</translation>
    </message>
    <message>
        <source>1 character</source>
        <translation>1 字</translation>
    </message>
    <message>
        <source>{count} characters</source>
        <translation>{count} 字</translation>
    </message>
    <message>
        <source>1 word</source>
        <translation>1 词</translation>
    </message>
    <message>
        <source>{count} words</source>
        <translation>{count} 词</translation>
    </message>
</context>
<context>
    <name>FileDialogs</name>
    <message>
        <source>Documents ({patterns})</source>
        <translation>文档 ({patterns})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>FileTableModel</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在阅读…</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查找…</translation>
    </message>
</context>
<context>
    <name>FileTableView</name>
    <message>
        <source>Table of files</source>
        <translation>文件表格</translation>
    </message>
</context>
<context>
    <name>FileTables</name>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>Sentiment</source>
        <translation>情感</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Not in the document</source>
        <translation>文档中没有</translation>
    </message>
    <message>
        <source>No names</source>
        <translation>没有名称</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>What was there before stays in use.</source>
        <translation>仍沿用之前的内容。</translation>
    </message>
</context>
<context>
    <name>FoundPane</name>
    <message>
        <source>Search by words or by meaning while you type. Enter asks: the answer quotes your documents, and each quote is checked letter by letter.</source>
        <translation>输入时即按字词或含义查找。按回车提问：回答引用你的文档，每处引文都逐字核对。</translation>
    </message>
    <message>
        <source>Looking for an answer</source>
        <translation>正在寻找答案</translation>
    </message>
    <message>
        <source>Your own library</source>
        <translation>你自己的资料库</translation>
    </message>
    <message>
        <source>Add folders of documents. They are read on this computer and kept up to date; then you find any passage by its words or its meaning, and ask questions whose answers quote your documents word for word.</source>
        <translation>添加存放文档的文件夹。它们在本机读取并保持更新；之后可按字词或含义找到任何段落，提问时回答会逐字引用你的文档。</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Passages</source>
        <translation>段落</translation>
    </message>
    <message>
        <source>Nothing in the library comes near to “{query}”.</source>
        <translation>资料库中没有与“{query}”相近的内容。</translation>
    </message>
</context>
<context>
    <name>GivenCard</name>
    <message>
        <source>the whole document</source>
        <translation>整个文档</translation>
    </message>
    <message>
        <source>from the library · {place}</source>
        <translation>来自资料库 · {place}</translation>
    </message>
</context>
<context>
    <name>GivenPlaces</name>
    <message>
        <source>Given to the model</source>
        <translation>交给模型的内容</translation>
    </message>
</context>
<context>
    <name>GivenView</name>
    <message>
        <source>The model was given nothing of the documents: there was no room.</source>
        <translation>没有把文档内容交给模型：放不下了。</translation>
    </message>
    <message>
        <source>The model was given nothing: no passage was found.</source>
        <translation>没有内容交给模型：未找到相关段落。</translation>
    </message>
    <message numerus="yes">
        <source>%n whole document(s)</source>
        <translation>
            <numerusform>%n 个完整文档</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n 段</numerusform>
        </translation>
    </message>
    <message>
        <source>{passages}, {percent} % of the documents</source>
        <translation>{passages}，占文档的 {percent} %</translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s) of the library</source>
        <translation>
            <numerusform>资料库的 %n 段</numerusform>
        </translation>
    </message>
    <message>
        <source>What the model was given: {texts}</source>
        <translation>交给模型的内容：{texts}</translation>
    </message>
</context>
<context>
    <name>KeptStateRow</name>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Conversations stay; they are read again when you go on with them</source>
        <translation>对话不会丢失；继续时会重新阅读</translation>
    </message>
    <message>
        <source>Nothing is kept on disk now.</source>
        <translation>目前磁盘上没有保留任何内容。</translation>
    </message>
    <message numerus="yes">
        <source>On disk now: {size} of %n conversation(s)</source>
        <translation>
            <numerusform>磁盘上现有 %n 个对话，共 {size}。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Kinds</name>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>Word</source>
        <translation>Word</translation>
    </message>
    <message>
        <source>PowerPoint</source>
        <translation>PowerPoint</translation>
    </message>
    <message>
        <source>Excel</source>
        <translation>Excel</translation>
    </message>
    <message>
        <source>OpenDocument</source>
        <translation>OpenDocument</translation>
    </message>
    <message>
        <source>e-books</source>
        <translation>电子书</translation>
    </message>
    <message>
        <source>web pages</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>e-mails</source>
        <translation>电子邮件</translation>
    </message>
    <message>
        <source>notebooks</source>
        <translation>笔记本</translation>
    </message>
    <message>
        <source>subtitles</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between the kinds of documents</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>{kinds} and plain text</source>
        <translation>{kinds}和纯文本</translation>
    </message>
</context>
<context>
    <name>LegendChip</name>
    <message>
        <source>Show or hide these in the text</source>
        <translation>在原文中显示或隐藏</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Drop to add to the library</source>
        <translation>松开以添加到资料库</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>“{name}” is no longer in the library</source>
        <translation>“{name}”已不在资料库中</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Forget the whole library?</source>
        <translation>要清除整个资料库吗？</translation>
    </message>
    <message>
        <source>The texts and the index are deleted from this computer. Your files stay as they are.</source>
        <translation>文本和索引将从本机删除。你的文件保持不变。</translation>
    </message>
    <message>
        <source>Forget everything</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Add files to the library</source>
        <translation>将文件添加到资料库</translation>
    </message>
    <message>
        <source>Add a folder to the library</source>
        <translation>将文件夹添加到资料库</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>Open this link?</source>
        <translation>打开这个链接？</translation>
    </message>
    <message>
        <source>It opens outside Carrel, and the address is sent over the network.</source>
        <translation>它会在书斋之外打开，网址会通过网络发送。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
</context>
<context>
    <name>ListView</name>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Drop to chat with this model</source>
        <translation>松开即可用这个模型对话</translation>
    </message>
    <message>
        <source>Drop to read “{name}”</source>
        <translation>松开即可阅读“{name}”</translation>
    </message>
    <message>
        <source>Drop to read what is in “{name}”</source>
        <translation>松开以读取“{name}”中的内容</translation>
    </message>
    <message numerus="yes">
        <source>Drop to read %n document(s)</source>
        <translation>
            <numerusform>松开即可阅读 %n 份文档</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MarkdownView</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy this code</source>
        <translation>复制这段代码</translation>
    </message>
</context>
<context>
    <name>MentionCard</name>
    <message>
        <source>Previous mention</source>
        <translation>上一处</translation>
    </message>
    <message>
        <source>Next mention</source>
        <translation>下一处</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} / {count}</translation>
    </message>
    <message>
        <source>Not sure: {what}</source>
        <translation>不确定：{what}</translation>
    </message>
</context>
<context>
    <name>MessageDocuments</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>以及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Asked the library, too</source>
        <translation>也查询了资料库</translation>
    </message>
</context>
<context>
    <name>ModelChip</name>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Loading model, {percent} %</source>
        <translation>正在加载模型，{percent} %</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Model: {model}</source>
        <translation>模型：{model}</translation>
    </message>
</context>
<context>
    <name>ModelDetails</name>
    <message>
        <source>{now} tokens; trained on {most}</source>
        <translation>{now} 个词元；训练长度 {most}</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>架构</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Copy the path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copy the SHA-256</source>
        <translation>复制 SHA-256</translation>
    </message>
    <message>
        <source>Chosen for this machine</source>
        <translation>为本机所选</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>对话模板</translation>
    </message>
    <message>
        <source>How a conversation is written down for this model: who says what, and where a turn ends. It comes with the file, and Carrel runs it sealed off from everything else.</source>
        <translation>它规定对话怎样写给这个模型看：谁说了什么，一轮在哪里结束。模板来自模型文件，书斋把它隔离起来运行。</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>Find in what the file says of itself</source>
        <translation>在文件的自述信息中查找</translation>
    </message>
    <message>
        <source>Nothing has that in it.</source>
        <translation>没有包含这些字的条目。</translation>
    </message>
</context>
<context>
    <name>ModelProgress</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop loading; the model before goes on answering</source>
        <translation>停止加载；仍由之前的模型回答</translation>
    </message>
    <message>
        <source>The engine is starting…</source>
        <translation>引擎正在启动…</translation>
    </message>
    <message>
        <source>The embedded model</source>
        <translation>内置模型</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Comes with Carrel</source>
        <translation>随书斋附带</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use {model}</source>
        <translation>使用 {model}</translation>
    </message>
    <message>
        <source>Take it off this list; nothing else is removed</source>
        <translation>从列表中移除；其他什么都不删除</translation>
    </message>
    <message>
        <source>Forget {model}</source>
        <translation>从列表中移除 {model}</translation>
    </message>
    <message>
        <source>On {host}; text is sent there</source>
        <translation>在 {host}；文字会发送到那里</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
</context>
<context>
    <name>ModelServer</name>
    <message>
        <source>A model that runs elsewhere: vLLM, SGLang, llama.cpp&apos;s server, Ollama, LM Studio. What you write and the documents you have read are sent to it while it is in use.</source>
        <translation>在别处运行的模型：vLLM、SGLang、llama.cpp 的服务器、Ollama、LM Studio。使用它时，你写的内容和让它读的文档都会发送给它。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>断开</translation>
    </message>
    <message>
        <source>Go back to the embedded model; nothing is sent any more</source>
        <translation>回到内置模型；不再发送任何内容</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>使用这个模型</translation>
    </message>
    <message>
        <source>Forget the key</source>
        <translation>忘记密钥</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Kept, and not shown</source>
        <translation>已保存，不再显示</translation>
    </message>
    <message>
        <source>Only if the server wants one</source>
        <translation>仅当服务器需要时</translation>
    </message>
    <message>
        <source>Asking the server…</source>
        <translation>正在询问服务器…</translation>
    </message>
    <message>
        <source>{model} is in use.</source>
        <translation>正在使用 {model}。</translation>
    </message>
    <message>
        <source>Its first model</source>
        <translation>它的第一个模型</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n 个模型</numerusform>
        </translation>
    </message>
    <message>
        <source>The server answers, in {time} ms: {facts}</source>
        <translation>服务器有应答，用时 {time} 毫秒：{facts}</translation>
    </message>
    <message>
        <source>Its key is in the system&apos;s keyring.</source>
        <translation>密钥保存在系统的密钥环中。</translation>
    </message>
    <message>
        <source>This computer has no keyring: the key is kept in memory until Carrel is closed.</source>
        <translation>这台电脑没有密钥环：密钥只留在内存里，关闭书斋后即消失。</translation>
    </message>
</context>
<context>
    <name>ModelSession</name>
    <message>
        <source>The engine could not be started.</source>
        <translation>引擎无法启动。</translation>
    </message>
</context>
<context>
    <name>ModelSummary</name>
    <message>
        <source>A small model: quick on any computer, and often wrong. One of 4 to 8 billion parameters writes far better; any GGUF file that was tuned for chat will do.</source>
        <translation>这是小模型：在任何电脑上都很快，但经常出错。40 亿到 80 亿参数的模型写得好得多；任何为对话调校过的 GGUF 文件都可以。</translation>
    </message>
    <message>
        <source>{count} tokens of context</source>
        <translation>上下文 {count} 个词元</translation>
    </message>
    <message>
        <source>{count} million parameters</source>
        <translation>{count}M 参数</translation>
    </message>
    <message>
        <source>{count} billion parameters</source>
        <translation>{count}B 参数</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Open a folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>A model of safetensors, with its config.json</source>
        <translation>safetensors 模型，与 config.json 在同一文件夹</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>A GGUF model; you can also drop it on the window</source>
        <translation>GGUF 模型；也可以直接拖到窗口里</translation>
    </message>
    <message>
        <source>No model is loaded. Choose one:</source>
        <translation>没有加载模型。请选择一个：</translation>
    </message>
    <message>
        <source>Ready to use</source>
        <translation>可用模型</translation>
    </message>
    <message>
        <source>Use a server</source>
        <translation>使用服务器</translation>
    </message>
    <message>
        <source>The file</source>
        <translation>模型文件</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
</context>
<context>
    <name>MoodCurve</name>
    <message>
        <source>Mood through the text</source>
        <translation>全文情感走势</translation>
    </message>
    <message>
        <source>Save chart as {form}…</source>
        <translation>将图表保存为 {form}…</translation>
    </message>
</context>
<context>
    <name>MostNamed</name>
    <message>
        <source>Most frequent names</source>
        <translation>最常出现的名称</translation>
    </message>
    <message>
        <source>Save chart…</source>
        <translation>保存图表…</translation>
    </message>
    <message numerus="yes">
        <source>%n mention(s)</source>
        <translation>
            <numerusform>%n 处提及</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NameTypes</name>
    <message>
        <source>Person</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Organization</source>
        <translation>机构</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Other name</source>
        <translation>其他名称</translation>
    </message>
    <message>
        <source>no name</source>
        <translation>不是名称</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Organizations</source>
        <translation>机构</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between alternatives</comment>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>OfflineBadge</name>
    <message>
        <source>Offline · nothing leaves this computer</source>
        <translation>离线 · 内容不会离开这台电脑</translation>
    </message>
    <message>
        <source>Choose another model on the Models page to keep everything here.</source>
        <translation>在“模型”页换一个模型，一切就留在这台电脑上。</translation>
    </message>
    <message>
        <source>The model, your conversations and your documents stay on this computer.</source>
        <translation>模型、你的对话和文档都只留在这台电脑上。</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>PartsBar</name>
    <message>
        <source>Arrow keys choose a part, Enter shows it</source>
        <translation>方向键选择部分，回车显示</translation>
    </message>
    <message>
        <source>Show the text from its beginning</source>
        <translation>从开头显示原文</translation>
    </message>
    <message>
        <source>Part {number} of {count}: show it in the text</source>
        <translation>第 {number} 部分，共 {count} 部分：在原文中显示</translation>
    </message>
</context>
<context>
    <name>PasteChip</name>
    <message>
        <source>Read as a document</source>
        <translation>作为文档阅读</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>附上</translation>
    </message>
    <message>
        <source>Ask about it as a document that goes with the message</source>
        <translation>作为随消息附上的文档来提问</translation>
    </message>
    <message>
        <source>Remove the pasted text</source>
        <translation>移除粘贴的文本</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Pasted text, {count} characters</source>
        <translation>粘贴的文本，{count} 字</translation>
    </message>
</context>
<context>
    <name>PlaceReader</name>
    <message>
        <source>Open in Documents</source>
        <translation>在“文档”中打开</translation>
    </message>
    <message>
        <source>Summarize it, ask about it, find its names</source>
        <translation>总结、提问、查找名称</translation>
    </message>
    <message>
        <source>Close the document</source>
        <translation>关闭文档</translation>
    </message>
    <message>
        <source>Close the document  (Esc)</source>
        <translation>关闭文档（Esc）</translation>
    </message>
</context>
<context>
    <name>PlainView</name>
    <message>
        <source>Your message</source>
        <translation>你的消息</translation>
    </message>
</context>
<context>
    <name>PlanForm</name>
    <message>
        <source>One table of many files</source>
        <translation>多个文件，一张表格</translation>
    </message>
    <message>
        <source>Each file is read by itself and becomes a row: a sentence about it, its mood, its names, and answers to your own questions, each with the place where it stands.</source>
        <translation>每个文件单独读取，成为一行：一句话概括、情感、名称，以及对你自己问题的回答，每项都标明出处。</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>What to find in each</source>
        <translation>在每个文件中查找</translation>
    </message>
    <message>
        <source>Only quotes: no chat model, much faster</source>
        <translation>仅引文：不用对话模型，快得多</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>{names} and {count} more</source>
        <translation>{names} 等另外 {count} 个</translation>
    </message>
    <message>
        <source>Drop files, folders or zip archives here.</source>
        <translation>把文件、文件夹或 zip 压缩包拖到这里。</translation>
    </message>
</context>
<context>
    <name>ProbabilitiesDialog</name>
    <message>
        <source>Probabilities</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>How sure the model was</source>
        <translation>模型有多大把握</translation>
    </message>
    <message>
        <source>The darker a word, the less likely it was. Point at one, or go through them with the arrow keys, to see what might have stood there.</source>
        <translation>颜色越深，这个词的概率越低。把鼠标指向某个词，或用方向键逐词浏览，就能看到原本还可能写什么。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>PromptDialog</name>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>What the model saw</source>
        <translation>模型看到的内容</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n 个词元</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them had been read before</source>
        <translation>
            <numerusform>其中 %n 个之前已读过</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n character(s)</source>
        <translation>
            <numerusform>%n 个字符</numerusform>
        </translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>QuestionBox</name>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Ask  (Enter)</source>
        <translation>提问（回车）</translation>
    </message>
    <message numerus="yes">
        <source>Ask about these %n document(s)…</source>
        <translation>
            <numerusform>就这 %n 个文档提问…</numerusform>
        </translation>
    </message>
    <message>
        <source>Ask about this document…</source>
        <translation>就此文档提问…</translation>
    </message>
</context>
<context>
    <name>QuestionRow</name>
    <message>
        <source>Answered</source>
        <translation>已回答</translation>
    </message>
    <message>
        <source>Not in the text</source>
        <translation>原文中没有</translation>
    </message>
</context>
<context>
    <name>QuoteCard</name>
    <message>
        <source>Stands there word for word</source>
        <translation>逐字见于原文</translation>
    </message>
    <message>
        <source>Not in the text in these words: do not rely on it</source>
        <translation>原文中没有这些字句：不要依赖它</translation>
    </message>
</context>
<context>
    <name>QuoteLine</name>
    <message>
        <source>found in {place}</source>
        <translation>见于 {place}</translation>
    </message>
    <message>
        <source>“{quote}” stands word for word in {place}</source>
        <translation>“{quote}”逐字见于 {place}</translation>
    </message>
    <message>
        <source>not found in what it was given</source>
        <translation>在交给它的内容中没有找到</translation>
    </message>
    <message>
        <source>“{quote}” was not found in what the model was given</source>
        <translation>在交给模型的内容中没有找到“{quote}”</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>{page}  (Ctrl+{number})</source>
        <translation>{page}  (Ctrl+{number})</translation>
    </message>
</context>
<context>
    <name>ReaderPane</name>
    <message>
        <source>Show or hide the documents</source>
        <translation>显示或隐藏文档列表</translation>
    </message>
    <message>
        <source>Show or hide the results</source>
        <translation>显示或隐藏结果</translation>
    </message>
</context>
<context>
    <name>ReasoningView</name>
    <message>
        <source>Thinking</source>
        <translation>正在思考</translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>What it thought</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Thought for {seconds} s</source>
        <translation>思考了 {seconds} 秒</translation>
    </message>
    <message>
        <source>Thought for {minutes} min</source>
        <translation>思考了 {minutes} 分钟</translation>
    </message>
    <message>
        <source>What the model thought</source>
        <translation>模型的思考过程</translation>
    </message>
</context>
<context>
    <name>RefusedLine</name>
    <message>
        <source>Dismiss: {reason}</source>
        <translation>关闭：{reason}</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Remote</name>
    <message>
        <source>Text is sent to {host}, a program on this computer</source>
        <translation>文字会发送给这台电脑上的程序 {host}</translation>
    </message>
    <message>
        <source>Text leaves this computer, to {host}</source>
        <translation>文字会离开这台电脑，发送到 {host}</translation>
    </message>
    <message>
        <source>on {host}</source>
        <translation>在 {host}</translation>
    </message>
</context>
<context>
    <name>RemoteNotice</name>
    <message>
        <source>Change</source>
        <translation>更换</translation>
    </message>
    <message>
        <source>Choose another model</source>
        <translation>选择另一个模型</translation>
    </message>
</context>
<context>
    <name>ResultFooter</name>
    <message>
        <source>Run again</source>
        <translation>重新运行</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Keep in a file</source>
        <translation>保存到文件</translation>
    </message>
    <message>
        <source>Markdown (.md)</source>
        <translation>Markdown (.md)</translation>
    </message>
    <message>
        <source>JSON (.json)</source>
        <translation>JSON (.json)</translation>
    </message>
    <message>
        <source>Table (.csv)</source>
        <translation>表格 (.csv)</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number} 秒</translation>
    </message>
    <message>
        <source>below 1 s</source>
        <translation>不到 1 秒</translation>
    </message>
    <message>
        <source>{number} min</source>
        <translation>{number} 分钟</translation>
    </message>
    <message>
        <source>Run again with other options…</source>
        <translation>换选项重新运行…</translation>
    </message>
</context>
<context>
    <name>ResultKeeper</name>
    <message>
        <source>Open documents</source>
        <translation>打开文档</translation>
    </message>
    <message>
        <source>Result copied</source>
        <translation>已复制结果</translation>
    </message>
    <message>
        <source>Export the result</source>
        <translation>导出结果</translation>
    </message>
    <message>
        <source>Save the chart</source>
        <translation>保存图表</translation>
    </message>
    <message>
        <source>Saved as {name}</source>
        <translation>已保存为 {name}</translation>
    </message>
</context>
<context>
    <name>ResultsPane</name>
    <message>
        <source>Text tools</source>
        <translation>文本工具</translation>
    </message>
</context>
<context>
    <name>RowStack</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>还有 %n 条</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message>
        <source>Find in the table</source>
        <translation>在表格中查找</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Look for changes</source>
        <translation>检查更改</translation>
    </message>
    <message>
        <source>Files that have changed are read again</source>
        <translation>重新读取已更改的文件</translation>
    </message>
    <message>
        <source>Try failed ones again</source>
        <translation>重试失败的</translation>
    </message>
    <message>
        <source>Ask more…</source>
        <translation>再问…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>{done} of {total} files</source>
        <translation>{done} / {total} 个文件</translation>
    </message>
    <message numerus="yes">
        <source>%n with something that failed</source>
        <translation>
            <numerusform>%n 个有失败项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunInvitation</name>
    <message>
        <source>Back to the result</source>
        <translation>回到结果</translation>
    </message>
    <message>
        <source>Summarize</source>
        <translation>生成摘要</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Read the mood</source>
        <translation>分析情感</translation>
    </message>
    <message>
        <source>Find names</source>
        <translation>查找实体</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message numerus="yes">
        <source>Each of the %n document(s) by itself, then all together.</source>
        <translation>
            <numerusform>先逐个总结 %n 个文档，再合在一起。</numerusform>
        </translation>
    </message>
    <message>
        <source>More options</source>
        <translation>更多选项</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search titles</source>
        <translation>搜索标题</translation>
    </message>
    <message>
        <source>Search conversations</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Search  (Ctrl+K)</source>
        <translation>搜索  (Ctrl+K)</translation>
    </message>
</context>
<context>
    <name>SearchLine</name>
    <message>
        <source>Search, or ask a question and press Enter</source>
        <translation>搜索，或输入问题后按回车</translation>
    </message>
    <message>
        <source>Search the library, or ask it</source>
        <translation>搜索资料库或向它提问</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
</context>
<context>
    <name>SelectableArea</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>SentimentResults</name>
    <message>
        <source>A very small model judged this; single sentences can be wrong.</source>
        <translation>由很小的模型判断；个别句子可能有误。</translation>
    </message>
    <message>
        <source>Save chart…</source>
        <translation>保存图表…</translation>
    </message>
    <message>
        <source>Mood through the text</source>
        <translation>全文情感走势</translation>
    </message>
    <message>
        <source>Strongest sentences</source>
        <translation>最强烈的句子</translation>
    </message>
    <message>
        <source>Where names are mentioned</source>
        <translation>提到名称的地方</translation>
    </message>
    <message>
        <source>What is said around a name, which need not be said of it.</source>
        <translation>这是名称前后文字的情感，未必是对它本身的评价。</translation>
    </message>
    <message>
        <source>over the whole text, {percent} % sure</source>
        <translation>全文，把握 {percent} %</translation>
    </message>
    <message>
        <source>over the whole text; the likeliest is “{label}” with {percent} %</source>
        <translation>就全文而言；最可能的是“{label}”，{percent} %</translation>
    </message>
    <message>
        <source>Positive</source>
        <translation>积极</translation>
    </message>
    <message>
        <source>Neutral</source>
        <translation>中性</translation>
    </message>
    <message>
        <source>Negative</source>
        <translation>消极</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>{label}, {percent} % sure</source>
        <translation>{label}，把握 {percent} %</translation>
    </message>
</context>
<context>
    <name>ServerDialog</name>
    <message>
        <source>Send text to this server?</source>
        <translation>要把文字发送到这个服务器吗？</translation>
    </message>
    <message>
        <source>Its address begins with http, not https: others in the same network may read along, the key included.</source>
        <translation>它的地址以 http 开头，而不是 https：同一网络中的其他人可能看到内容，包括密钥。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>While one of its models is in use, what you write and the documents you have read are sent to the program at {host} on this computer.</source>
        <translation>使用它的模型时，你写的内容和让它读的文档会发送给这台电脑上的程序 {host}。</translation>
    </message>
    <message>
        <source>While one of its models is in use, what you write and the documents you have read leave this computer and are sent to {host}.</source>
        <translation>使用它的模型时，你写的内容和让它读的文档会离开这台电脑，发送到 {host}。</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Back to the defaults</source>
        <translation>恢复默认值</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Where conversations and documents are kept</source>
        <translation>对话和文档的保存位置</translation>
    </message>
    <message>
        <source>Carrel {version}, under the Apache License 2.0. SQLite {sqlite}.</source>
        <translation>书斋 {version}，采用 Apache 2.0 许可。SQLite {sqlite}。</translation>
    </message>
    <message>
        <source>Qt is used through PySide6 under the GNU LGPL 3: its libraries may be replaced by your own build of them.</source>
        <translation>Qt 通过 PySide6 以 GNU LGPL 3 许可使用：可以用你自己编译的版本替换它的库。</translation>
    </message>
    <message>
        <source>Icons: Lucide (ISC). llama.cpp and llama-cpp-python: MIT.</source>
        <translation>图标：Lucide（ISC）。llama.cpp 与 llama-cpp-python：MIT。</translation>
    </message>
    <message>
        <source>Embedded models: SmolLM2 135M Instruct and all-MiniLM-L6-v2 (Apache-2.0).</source>
        <translation>内置模型：SmolLM2 135M Instruct 与 all-MiniLM-L6-v2（Apache-2.0）。</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>The language changes when Carrel is started again.</source>
        <translation>重新启动书斋后语言才会改变。</translation>
    </message>
    <message>
        <source>All settings are back to their defaults.</source>
        <translation>所有设置已恢复默认值。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>The folder cannot be opened here.</source>
        <translation>无法打开这个文件夹。</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>Writing</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Bring back the last message (in an empty box)</source>
        <translation>找回上一条消息（输入框为空时）</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Copy the last answer</source>
        <translation>复制最后的回答</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Delete (can be undone)</source>
        <translation>删除（可撤销）</translation>
    </message>
    <message>
        <source>Show or hide the list</source>
        <translation>显示或隐藏列表</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Choose several</source>
        <translation>选择多个</translation>
    </message>
    <message>
        <source>Next mark in the text</source>
        <translation>原文中的下一处标记</translation>
    </message>
    <message>
        <source>Show or hide the results</source>
        <translation>显示或隐藏结果</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>The pages, from above</source>
        <translation>各页面，自上而下</translation>
    </message>
    <message>
        <source>Next part of the window</source>
        <translation>窗口的下一部分</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>This list</source>
        <translation>本列表</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
</context>
<context>
    <name>SourceList</name>
    <message>
        <source>Add to the library</source>
        <translation>添加到资料库</translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Files…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>What is in the library</source>
        <translation>资料库中的内容</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Look for changes</source>
        <translation>检查更改</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Forget everything…</source>
        <translation>全部清除…</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) could not be read</source>
        <translation>
            <numerusform>有 %n 个文档无法读取</numerusform>
        </translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Reading document {number} of {total}</source>
        <translation>正在读取第 {number} 个文档，共 {total} 个</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n 个文档</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待中</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SourceTree</name>
    <message>
        <source>Remove “{name}” from the library</source>
        <translation>从资料库中移除“{name}”</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>不存在</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <source>Waiting for its turn…</source>
        <translation>正在排队…</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>Checking the model file…</source>
        <translation>正在校验模型文件…</translation>
    </message>
    <message>
        <source>Warming the model up…</source>
        <translation>正在预热模型…</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>正在准备…</translation>
    </message>
    <message>
        <source>Choosing key sentences…</source>
        <translation>正在挑选关键句…</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在阅读…</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在撰写…</translation>
    </message>
    <message>
        <source>Putting it together…</source>
        <translation>正在归并…</translation>
    </message>
    <message>
        <source>Looking through the text…</source>
        <translation>正在浏览全文…</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在核对…</translation>
    </message>
    <message>
        <source>Weighing…</source>
        <translation>正在权衡…</translation>
    </message>
    <message>
        <source>Waiting until the model is free…</source>
        <translation>正在等待模型空闲…</translation>
    </message>
    <message>
        <source>Making a note…</source>
        <translation>正在写摘要…</translation>
    </message>
    <message>
        <source>Asking the server…</source>
        <translation>正在询问服务器…</translation>
    </message>
    <message>
        <source>Converting…</source>
        <translation>正在转换…</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>正在测量…</translation>
    </message>
</context>
<context>
    <name>SummaryBlocks</name>
    <message>
        <source>All together</source>
        <translation>合在一起</translation>
    </message>
</context>
<context>
    <name>SummaryResults</name>
    <message>
        <source>Key sentences</source>
        <translation>关键句</translation>
    </message>
    <message>
        <source>word for word</source>
        <translation>原文照录</translation>
    </message>
    <message>
        <source>In the model&apos;s words</source>
        <translation>模型的转述</translation>
    </message>
    <message>
        <source>What it says about: {focus}</source>
        <translation>关于“{focus}”的内容</translation>
    </message>
    <message>
        <source>A very small model wrote this. Trust the key sentences above more.</source>
        <translation>由很小的模型撰写，请更相信上面的关键句。</translation>
    </message>
    <message>
        <source>Key sentence</source>
        <translation>关键句</translation>
    </message>
</context>
<context>
    <name>TableList</name>
    <message>
        <source>New table</source>
        <translation>新建表格</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>表格</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>TablesPage</name>
    <message>
        <source>Drop to make a table of them</source>
        <translation>松开以制作表格</translation>
    </message>
    <message>
        <source>No file has changed</source>
        <translation>没有文件发生更改</translation>
    </message>
    <message>
        <source>Table deleted</source>
        <translation>表格已删除</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>“{name}” has changed since it was read</source>
        <translation>“{name}”在读取之后已更改</translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Files for the table</source>
        <translation>表格的文件</translation>
    </message>
    <message>
        <source>A folder for the table</source>
        <translation>表格的文件夹</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>导出表格</translation>
    </message>
    <message>
        <source>Saved as {name}</source>
        <translation>已保存为 {name}</translation>
    </message>
</context>
<context>
    <name>TextPage</name>
    <message>
        <source>There is no text on the clipboard.</source>
        <translation>剪贴板里没有文本。</translation>
    </message>
    <message>
        <source>Copy some text first, then paste it here.</source>
        <translation>请先复制一段文本，再粘贴到这里。</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) together</source>
        <translation>
            <numerusform>%n 个文档一起</numerusform>
        </translation>
    </message>
    <message>
        <source>“{name}” only: this looks at one document at a time</source>
        <translation>仅“{name}”：一次只看一个文档</translation>
    </message>
    <message>
        <source>The text is as it was</source>
        <translation>文本没有变化</translation>
    </message>
    <message>
        <source>The older text is off the desk</source>
        <translation>旧文本已从书桌移走</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) removed from the desk</source>
        <translation>
            <numerusform>已从书桌移走 %n 个文档</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>TextTools</name>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>The whole document in a few sentences, each linked to its passages.</source>
        <translation>用几句话概括全文，每句都链接到原文出处。</translation>
    </message>
    <message>
        <source>Questions</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>An answer from the documents, with quotes that are checked word for word.</source>
        <translation>从文档中得出的回答，引文逐字核对。</translation>
    </message>
    <message>
        <source>Sentiment</source>
        <translation>情感</translation>
    </message>
    <message>
        <source>Negative, neutral or positive: the whole, and sentence by sentence.</source>
        <translation>消极、中性或积极：全文以及逐句判断。</translation>
    </message>
    <message>
        <source>Entities</source>
        <translation>实体</translation>
    </message>
    <message>
        <source>People, organizations, places and other names, with where they stand.</source>
        <translation>人物、机构、地点及其他名称，以及它们出现的位置。</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Close this message</source>
        <translation>关闭这条消息</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>TokenMap</name>
    <message>
        <source>The answer, word by word</source>
        <translation>逐词显示的回答</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>跳到末尾</translation>
    </message>
</context>
<context>
    <name>UserView</name>
    <message>
        <source>Show more ({count} characters in all)</source>
        <translation>显示更多（共 {count} 字）</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
</context>
<context>
    <name>WaitingLine</name>
    <message>
        <source>Waiting for the model…</source>
        <translation>正在等待模型…</translation>
    </message>
    <message>
        <source>Loading the model, {percent} %</source>
        <translation>正在加载模型，{percent} %</translation>
    </message>
    <message>
        <source>Waiting until the model is free…</source>
        <translation>正在等待模型空闲…</translation>
    </message>
    <message>
        <source>Making a note of the oldest messages, {percent} %</source>
        <translation>正在为最早的消息写摘要，{percent} %</translation>
    </message>
    <message>
        <source>Checking the model file, {percent} %</source>
        <translation>正在校验模型文件，{percent} %</translation>
    </message>
    <message>
        <source>Reading the prompt, {done} of {total} tokens</source>
        <translation>正在读提示词，{done} / {total} 词元</translation>
    </message>
    <message>
        <source>Finding the first word…</source>
        <translation>正在想第一个词…</translation>
    </message>
    <message>
        <source>Finding the next word…</source>
        <translation>正在想下一个词…</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>What is on your mind?</source>
        <translation>今天想读点什么？</translation>
    </message>
    <message>
        <source>Chat with a model on {host}, or drop a document anywhere to have it summarized, its mood read and its names found.</source>
        <translation>和 {host} 上的模型对话，或把文档拖到任意位置：概括内容、判断情感、找出名称。</translation>
    </message>
    <message>
        <source>Chat with a model that runs on this computer, or drop a document anywhere to have it summarized, its mood read and its names found.</source>
        <translation>与这台电脑上的模型对话，或把文档拖进来：生成摘要、分析情感、找出实体。</translation>
    </message>
    <message>
        <source>{model} is a small starter model and is often wrong. Choose a larger one…</source>
        <translation>{model} 是很小的入门模型，经常出错。选择更大的模型…</translation>
    </message>
    <message>
        <source>Drop a document to have it summarized</source>
        <translation>拖入文档，生成摘要</translation>
    </message>
    <message>
        <source>Explain something simply</source>
        <translation>浅显地解释一件事</translation>
    </message>
    <message>
        <source>Explain in simple words how a vaccine works.</source>
        <translation>用浅显的话解释疫苗是怎样起作用的。</translation>
    </message>
    <message>
        <source>Write a short e-mail</source>
        <translation>写一封短邮件</translation>
    </message>
    <message>
        <source>Write a short, polite e-mail that asks to move a meeting to Friday.</source>
        <translation>写一封简短有礼的邮件，请求把会议改到星期五。</translation>
    </message>
    <message>
        <source>Improve a sentence</source>
        <translation>润色一个句子</translation>
    </message>
    <message>
        <source>Make this sentence clearer: </source>
        <translation>把这个句子改得更清楚：</translation>
    </message>
</context>
<context>
    <name>WhyCard</name>
    <message>
        <source>Close the explanation</source>
        <translation>关闭解释</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Looking at its words…</source>
        <translation>正在逐词查看…</translation>
    </message>
    <message>
        <source>speaks for “{label}”</source>
        <translation>支持“{label}”</translation>
    </message>
    <message>
        <source>against it</source>
        <translation>与之相反</translation>
    </message>
    <message>
        <source>There are no words to judge in it.</source>
        <translation>其中没有可以判断的词。</translation>
    </message>
    <message>
        <source>No single word decides it.</source>
        <translation>没有哪个词起决定作用。</translation>
    </message>
    <message>
        <source>Why “{label}”?</source>
        <translation>为什么是“{label}”？</translation>
    </message>
    <message>
        <source>Why not sure?</source>
        <translation>为什么不确定？</translation>
    </message>
    <message>
        <source>Not sure, nearest to “{label}”</source>
        <translation>不确定，最接近“{label}”</translation>
    </message>
</context>
<context>
    <name>_DocumentList</name>
    <message>
        <source>Documents on the desk</source>
        <translation>书桌上的文档</translation>
    </message>
</context>
<context>
    <name>options</name>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Takes effect at the next start.</source>
        <translation>下次启动时生效。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>简体中文</source>
        <translation>简体中文</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Instructions for every new answer</source>
        <translation>每次回答都要遵循的指示</translation>
    </message>
    <message>
        <source>Sent before each conversation as the system message.</source>
        <translation>作为系统消息放在每次对话之前。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>0 always takes the likeliest word; higher values vary more.</source>
        <translation>0 总取最可能的词；数值越大变化越多。</translation>
    </message>
    <message>
        <source>A token is about three quarters of an English word.</source>
        <translation>一个词元大约相当于一个汉字，或四分之三个英文单词。</translation>
    </message>
    <message>
        <source>When a conversation gets too long</source>
        <translation>对话过长时</translation>
    </message>
    <message>
        <source>A model sees only so much at once. What it no longer sees stays in the conversation, and a line shows where that begins.</source>
        <translation>模型一次能看到的内容有限。它不再看到的部分仍留在对话里，并有一条线标明从哪里开始。</translation>
    </message>
    <message>
        <source>Stop and say so</source>
        <translation>停下并说明</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>略去最早的几轮</translation>
    </message>
    <message>
        <source>Replace the oldest by a note</source>
        <translation>用摘要代替最早的几轮</translation>
    </message>
    <message>
        <source>Form of the answers</source>
        <translation>回答的形式</translation>
    </message>
    <message>
        <source>For answers that another program reads.</source>
        <translation>用于供其他程序读取的回答。</translation>
    </message>
    <message>
        <source>Free text</source>
        <translation>自由文本</translation>
    </message>
    <message>
        <source>JSON by a schema</source>
        <translation>符合模式的 JSON</translation>
    </message>
    <message>
        <source>By a grammar</source>
        <translation>符合语法</translation>
    </message>
    <message>
        <source>JSON schema</source>
        <translation>JSON 模式</translation>
    </message>
    <message>
        <source>Every answer is JSON that fits it. While it is empty, answers are free text.</source>
        <translation>每个回答都是符合此模式的 JSON。留空时，回答为自由文本。</translation>
    </message>
    <message>
        <source>Grammar (GBNF)</source>
        <translation>语法（GBNF）</translation>
    </message>
    <message>
        <source>Every answer follows these rules, from the one named root. While there are none, answers are free text.</source>
        <translation>每个回答都遵循这些规则，从名为 root 的规则开始。没有规则时，回答为自由文本。</translation>
    </message>
    <message>
        <source>Keep word probabilities</source>
        <translation>保留每个词的概率</translation>
    </message>
    <message>
        <source>For every word, keep so many alternatives and how likely each was. An answer&apos;s menu shows them.</source>
        <translation>为每个词保留这么多个候选词及其概率。可在回答的菜单里查看。</translation>
    </message>
    <message>
        <source>Advanced sampling</source>
        <translation>高级采样</translation>
    </message>
    <message>
        <source>At each step only so many of the likeliest words are considered.</source>
        <translation>每一步只考虑概率最高的这么多个词。</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Repeat penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Longest answer, in tokens</source>
        <translation>回答的最大词元数</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>The same seed and prompt give the same answer.</source>
        <translation>相同的种子和提示词得到相同的回答。</translation>
    </message>
    <message>
        <source>random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Only the likeliest words are considered that together reach this share of the probability. 1 is off; less is plainer and safer.</source>
        <translation>只考虑合计达到这一概率份额的最可能的词。1 为关闭；越小越平实稳妥。</translation>
    </message>
    <message>
        <source>Words are left out that are less likely than this share of the likeliest one.</source>
        <translation>概率低于最可能的词的这一比例的词会被略去。</translation>
    </message>
    <message>
        <source>Above 1, words that were just used become less likely.</source>
        <translation>大于 1 时，刚用过的词不太会再出现。</translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation>出现惩罚</translation>
    </message>
    <message>
        <source>Above 0, a word that was used becomes less likely, however often that was. 0 is off.</source>
        <translation>大于 0 时，用过的词不太会再出现，无论用过几次。0 为关闭。</translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation>频率惩罚</translation>
    </message>
    <message>
        <source>Above 0, a word becomes less likely each time it is used. 0 is off.</source>
        <translation>大于 0 时，一个词每用一次，再出现的可能就更小。0 为关闭。</translation>
    </message>
    <message>
        <source>How far the penalties look back</source>
        <translation>惩罚回看的范围</translation>
    </message>
    <message>
        <source>In tokens, for the three penalties above.</source>
        <translation>以词元计，适用于上面三种惩罚。</translation>
    </message>
    <message>
        <source>DRY: strength</source>
        <translation>DRY：强度</translation>
    </message>
    <message>
        <source>Keeps whole phrases from being repeated; 0.8 is usual.</source>
        <translation>避免重复整段短语；常用 0.8。</translation>
    </message>
    <message>
        <source>DRY: growth</source>
        <translation>DRY：增长</translation>
    </message>
    <message>
        <source>How much stronger it gets with each further word of a repeated phrase.</source>
        <translation>重复的短语每多一个词，惩罚增强多少。</translation>
    </message>
    <message>
        <source>DRY: length allowed</source>
        <translation>DRY：允许的长度</translation>
    </message>
    <message>
        <source>Phrases of up to so many tokens may be repeated.</source>
        <translation>不超过这么多词元的短语可以重复。</translation>
    </message>
    <message>
        <source>XTC: chance</source>
        <translation>XTC：几率</translation>
    </message>
    <message>
        <source>How often the most obvious words are left out, for texts that surprise.</source>
        <translation>有多大几率略去最显而易见的词，让文字更出人意料。</translation>
    </message>
    <message>
        <source>XTC: threshold</source>
        <translation>XTC：阈值</translation>
    </message>
    <message>
        <source>Obvious are words more likely than this; the least likely of them always stays.</source>
        <translation>概率高于此值的词视为显而易见；其中概率最低的一个总会保留。</translation>
    </message>
    <message>
        <source>Mirostat</source>
        <translation>Mirostat</translation>
    </message>
    <message>
        <source>Keeps a text evenly surprising, in place of top-k, top-p and min-p; version 1 or 2.</source>
        <translation>让文字的意外程度保持均匀，代替 top-k、top-p 和 min-p；可选版本 1 或 2。</translation>
    </message>
    <message>
        <source>Mirostat: surprise</source>
        <translation>Mirostat：意外程度</translation>
    </message>
    <message>
        <source>Less is more focused, more is more varied.</source>
        <translation>越小越集中，越大越多样。</translation>
    </message>
    <message>
        <source>Mirostat: speed</source>
        <translation>Mirostat：速度</translation>
    </message>
    <message>
        <source>How fast it corrects itself.</source>
        <translation>自我校正的快慢。</translation>
    </message>
    <message>
        <source>Draft from the prompt</source>
        <translation>从提示词打草稿</translation>
    </message>
    <message>
        <source>Faster where an answer quotes what it was given; the answer stays the same. It is switched off by itself where it does not pay.</source>
        <translation>回答引用给定内容时更快，回答本身不变。不划算时会自动关闭。</translation>
    </message>
    <message>
        <source>Stop at</source>
        <translation>遇到即停</translation>
    </message>
    <message>
        <source>An answer ends before any of these texts. One per line; \n stands for a line end.</source>
        <translation>回答会在出现这些文字之前结束。每行一个；\n 表示换行。</translation>
    </message>
    <message>
        <source>Likelier and less likely words</source>
        <translation>更常用与更少用的词</translation>
    </message>
    <message>
        <source>One per line, as in: maybe = -5. The number is added to the word&apos;s score; -100 never takes it. Quotes keep a space before it, as in: &quot; maybe&quot; = -5.</source>
        <translation>每行一个，例如：也许 = -5。这个数会加到该词的分数上；-100 表示从不使用。引号可保留词前的空格，例如：&quot; maybe&quot; = -5。</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Context length, in tokens</source>
        <translation>上下文长度（词元）</translation>
    </message>
    <message>
        <source>How much of a conversation the model can see, at most what it was trained on. More needs more memory.</source>
        <translation>模型能看到多长的对话，最多到它训练时的长度。越长越占内存。</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>GPU layers</source>
        <translation>GPU 层数</translation>
    </message>
    <message>
        <source>How many layers of the model run on the GPU; 0 is the CPU only.</source>
        <translation>模型有多少层在 GPU 上运行；0 表示只用 CPU。</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>How many processor cores work on an answer; more is not always faster.</source>
        <translation>用多少个处理器核心来回答；并非越多越快。</translation>
    </message>
    <message>
        <source>Tokens read at once</source>
        <translation>一次读入的词元数</translation>
    </message>
    <message>
        <source>More reads prompts faster on a GPU and needs more memory.</source>
        <translation>数值大时 GPU 读提示词更快，也更占内存。</translation>
    </message>
    <message>
        <source>Precision of the context</source>
        <translation>上下文的精度</translation>
    </message>
    <message>
        <source>8 bits need half the memory for a long conversation, at a loss that is hard to notice.</source>
        <translation>8 位只需一半内存来容纳长对话，损失几乎察觉不到。</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 位</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>Flash attention</source>
        <translation>Flash attention</translation>
    </message>
    <message>
        <source>A way of reading that needs less memory. Turn it off if a GPU has trouble with it.</source>
        <translation>一种更省内存的阅读方式。如果 GPU 有问题，可以关闭。</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Keep what was read on disk, in MB</source>
        <translation>在磁盘上保留已读内容（MB）</translation>
    </message>
    <message>
        <source>Conversations then reopen without being read again. It holds what was said in them, for you alone to read. 0 keeps nothing.</source>
        <translation>这样重新打开对话时无需再读一遍。其中含有对话内容，只有你能读取。0 表示不保留。</translation>
    </message>
    <message>
        <source>Points at most</source>
        <translation>最多几条</translation>
    </message>
    <message>
        <source>How many sentences of summary, and as many key sentences.</source>
        <translation>摘要的句数，关键句也是这么多。</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>阅读者</translation>
    </message>
    <message>
        <source>The built-in reader is fast and knows English; in other languages the chat model reads.</source>
        <translation>内置阅读器速度快，但只懂英文；其他语言由对话模型来读。</translation>
    </message>
    <message>
        <source>Built-in reader</source>
        <translation>内置阅读器</translation>
    </message>
    <message>
        <source>Chat model</source>
        <translation>对话模型</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>How much it says.</source>
        <translation>说多少。</translation>
    </message>
    <message>
        <source>One line</source>
        <translation>一行</translation>
    </message>
    <message>
        <source>Short</source>
        <translation>简短</translation>
    </message>
    <message>
        <source>Detailed</source>
        <translation>详细</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Points one by one, flowing text, or points under the document&apos;s own headings.</source>
        <translation>逐条要点、连贯文字，或按文档自身标题分列的要点。</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>要点</translation>
    </message>
    <message>
        <source>Paragraph</source>
        <translation>段落</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>分节</translation>
    </message>
    <message>
        <source>Focus</source>
        <translation>关注点</translation>
    </message>
    <message>
        <source>What you want to know about, such as cost. Empty: what matters most.</source>
        <translation>想了解的方面，例如费用。留空：最重要的内容。</translation>
    </message>
    <message>
        <source>Of the summary, such as German. Empty: that of the document.</source>
        <translation>摘要所用语言，例如德语。留空：与文档相同。</translation>
    </message>
    <message>
        <source>Key sentences are chosen without a chat model, at once and in any language.</source>
        <translation>关键句无需对话模型即可立即选出，适用于任何语言。</translation>
    </message>
    <message>
        <source>Key sentences and chat model</source>
        <translation>关键句与对话模型</translation>
    </message>
    <message>
        <source>Key sentences</source>
        <translation>关键句</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>What do you want to know? The answer is looked for in the documents only.</source>
        <translation>想知道什么？只在文档中寻找答案。</translation>
    </message>
    <message>
        <source>Quotes come from the built-in reader at once; the chat model then answers in its own words.</source>
        <translation>引文由内置阅读器立即给出；随后对话模型用自己的话回答。</translation>
    </message>
    <message>
        <source>Quotes and the model’s words</source>
        <translation>引文与模型的话</translation>
    </message>
    <message>
        <source>Quotes only</source>
        <translation>仅引文</translation>
    </message>
    <message>
        <source>Types of your own</source>
        <translation>自定义类型</translation>
    </message>
    <message>
        <source>Separated by commas, such as: drug, side effect. The chat model looks for them.</source>
        <translation>用逗号分隔，例如：药物, 副作用。由对话模型来查找。</translation>
    </message>
    <message>
        <source>Line {line} is not of the form “text = number”.</source>
        <translation>第 {line} 行不是“文字 = 数字”的形式。</translation>
    </message>
    <message>
        <source>Line {line}: “{value}” is not a number.</source>
        <translation>第 {line} 行：“{value}”不是数字。</translation>
    </message>
    <message>
        <source>Line {line}: the number must lie between -100 and 100.</source>
        <translation>第 {line} 行：数字必须在 -100 到 100 之间。</translation>
    </message>
    <message>
        <source>Line {line} has no text before the “=”.</source>
        <translation>第 {line} 行的“=”前面没有文字。</translation>
    </message>
    <message>
        <source>The schema is not valid JSON (line {line}, column {column}: {detail}).</source>
        <translation>此模式不是有效的 JSON（第 {line} 行，第 {column} 列：{detail}）。</translation>
    </message>
    <message>
        <source>The schema is not valid JSON.</source>
        <translation>此模式不是有效的 JSON。</translation>
    </message>
    <message>
        <source>The schema is nested too deeply.</source>
        <translation>此模式嵌套过深。</translation>
    </message>
    <message>
        <source>The schema must be a JSON object: it begins with “{{”.</source>
        <translation>此模式必须是 JSON 对象：以“{{”开头。</translation>
    </message>
    <message>
        <source>The grammar has no rule named root, as in: root ::= &quot;yes&quot; | &quot;no&quot;</source>
        <translation>语法中没有名为 root 的规则，例如：root ::= &quot;是&quot; | &quot;否&quot;</translation>
    </message>
</context>
</TS>
