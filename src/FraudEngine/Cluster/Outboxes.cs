namespace FraudEngine.Cluster;

/// <summary>What is to be sent, by node, so that all that one pass of the sender has for a node goes as one message. Used by the sender only.</summary>
internal sealed class Outboxes(string life)
{
    private const int FrameBytesMax = 256 * 1024;

    private readonly Dictionary<string, FrameWriter> _frames = new(StringComparer.Ordinal);

    /// <summary>Those that hold something.</summary>
    public IEnumerable<KeyValuePair<string, FrameWriter>> Filled => _frames.Where(static frame => !frame.Value.IsEmpty);

    public FrameWriter To(string node)
    {
        if (!_frames.TryGetValue(node, out var frame))
        {
            _frames.Add(node, frame = new FrameWriter(life));
        }

        return frame;
    }

    /// <summary>Whether what is to go to a node should go before more is added.</summary>
    public bool IsFull(string node) => To(node).Length >= FrameBytesMax;

    /// <summary>Forgets nodes that are gone.</summary>
    public void Keep(Func<string, bool> isThere)
    {
        foreach (var gone in _frames.Keys.Where(node => !isThere(node)).ToArray())
        {
            _frames.Remove(gone);
        }
    }
}
