namespace FraudEngine.Trials;

/// <summary>
/// The transaction ids that an account has used, exactly but for a collision of 64 seeded bits: for each its hash, the hash of the transaction's content, and a
/// number that its user may keep with it. A table with open addressing, 20 bytes an entry.
/// </summary>
internal sealed class SeenIds
{
    private const int CapacityMin = 8;

    private Entry[] _entries = new Entry[CapacityMin];
    private int[] _notes = [];
    private int _count;
    private int _last;

    /// <summary>Whether the id was not used before.</summary>
    /// <param name="content">The hash of the content of the first transaction with the id; unchanged where there is none.</param>
    public bool IsNew(ulong id, ref ulong content)
    {
        if (_count >= _entries.Length / 4 * 3)
        {
            Grow();
        }

        _last = PlaceOf(_entries, Marked(id));
        if (_entries[_last].Id == 0)
        {
            return true;
        }

        content = _entries[_last].Content;
        return false;
    }

    /// <summary>Adds the id that was asked for last, which is new.</summary>
    public void AddLast(ulong id, ulong content)
    {
        _entries[_last] = new Entry(Marked(id), content);
        _count++;
    }

    /// <summary>The number kept with the id that was asked for last.</summary>
    public int Note
    {
        get => _last < _notes.Length ? _notes[_last] : 0;
        set
        {
            if (_notes.Length < _entries.Length)
            {
                Array.Resize(ref _notes, _entries.Length);
            }

            _notes[_last] = value;
        }
    }

    /// <summary>0 marks a free entry.</summary>
    private static ulong Marked(ulong id) => id == 0 ? 1 : id;

    private static int PlaceOf(Entry[] entries, ulong id)
    {
        var at = (int)id & (entries.Length - 1);
        while (entries[at].Id != 0 && entries[at].Id != id)
        {
            at = (at + 1) & (entries.Length - 1);
        }

        return at;
    }

    private void Grow()
    {
        var entries = new Entry[_entries.Length * 2];
        var notes = _notes.Length == 0 ? [] : new int[entries.Length];
        for (var i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].Id != 0)
            {
                var at = PlaceOf(entries, _entries[i].Id);
                entries[at] = _entries[i];
                if (i < _notes.Length)
                {
                    notes[at] = _notes[i];
                }
            }
        }

        _entries = entries;
        _notes = notes;
    }

    private readonly record struct Entry(ulong Id, ulong Content);
}
