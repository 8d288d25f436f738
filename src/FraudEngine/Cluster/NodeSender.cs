namespace FraudEngine.Cluster;

/// <summary>
/// The one loop that sends: while a message is under way, what is to be sent gathers, and goes with the next. So messages grow with the load, and nobody waits for more to
/// come. What is to go to this node itself goes by the same way, but not over the broker.
/// </summary>
internal sealed class NodeSender
{
    private readonly NodePost _post;
    private readonly Func<Outboxes, bool> _write;
    private readonly Func<FrameWriter, bool> _writeToAll;
    private readonly string _life;
    private readonly Outboxes _outboxes;
    private readonly FrameWriter _toAll;
    private readonly Signal _signal = new();

    /// <param name="write">Writes what is to be sent to single nodes; false where there is more.</param>
    /// <param name="writeToAll">Writes what is to be sent to all; false where there is nothing.</param>
    public NodeSender(string life, NodePost post, Func<Outboxes, bool> write, Func<FrameWriter, bool> writeToAll)
    {
        _life = life;
        _post = post;
        _write = write;
        _writeToAll = writeToAll;
        _outboxes = new Outboxes(life);
        _toAll = new FrameWriter(life);
    }

    /// <summary>There is something to send. From any thread.</summary>
    public void Wake() => _signal.Set();

    public void End() => _signal.End();

    public async Task RunAsync()
    {
        while (await _signal.WaitAsync())
        {
            bool isAll;
            do
            {
                if (_writeToAll(_toAll))
                {
                    await _post.SendToAllAsync(_toAll.Written);
                    _toAll.Clear();
                }

                isAll = _write(_outboxes);
                foreach (var (node, frame) in _outboxes.Filled)
                {
                    if (node == _life)
                    {
                        _post.Receive(frame.Written.Span);
                    }
                    else
                    {
                        await _post.SendAsync(node, frame.Written);
                    }

                    frame.Clear();
                }
            }
            while (!isAll);
        }
    }
}
