using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>
/// What all windows of a plan said at one moment, taken along from the entity that has them. Reusable; allocates nothing once it has been filled.
/// </summary>
public sealed class WindowValues
{
    private Value[] _values = [];

    /// <summary>What every window says where there is nothing to read; None where the values count.</summary>
    private WindowStatus _instead = WindowStatus.Missing;

    /// <summary>The transaction names no such entity: nothing has a value.</summary>
    public void SetMissing() => _instead = WindowStatus.Missing;

    /// <summary>The entity did not answer in time: what its windows say is not known.</summary>
    public void SetUnanswered() => _instead = WindowStatus.Unanswered;

    /// <summary>Whether the entity did not answer.</summary>
    public bool IsUnanswered => _instead == WindowStatus.Unanswered;

    /// <summary>Takes the value of every window of the reader's plan, which has begun.</summary>
    public void Take(WindowReader reader)
    {
        var specs = reader.Plan.Specs;
        if (_values.Length < specs.Length)
        {
            _values = new Value[specs.Length];
        }

        _instead = WindowStatus.None;
        for (var slot = 0; slot < specs.Length; slot++)
        {
            ref var value = ref _values[slot];
            value = default;
            value.Status = specs[slot].IsText ? reader.Text(slot, out value.Text) : reader.Number(slot, out value.Number);
        }
    }

    /// <summary>Begins with values as they were stored: each is missing until it is set.</summary>
    /// <param name="count">Windows of the plan.</param>
    public void Clear(int count)
    {
        if (_values.Length < count)
        {
            _values = new Value[count];
        }

        _values.AsSpan().Fill(new Value { Status = WindowStatus.Missing });
        _instead = WindowStatus.None;
    }

    /// <summary>Sets one value, as it was stored.</summary>
    public void Set(int slot, decimal number, TextKey text) => _values[slot] = new Value { Status = WindowStatus.Ok, Number = number, Text = text };

    /// <summary>Sets that a window has no value.</summary>
    public void Set(int slot, WindowStatus status) => _values[slot] = new Value { Status = status };

    /// <summary>As <see cref="WindowReader.Number"/>.</summary>
    public WindowStatus Number(int slot, out decimal value)
    {
        if (_instead != WindowStatus.None)
        {
            value = 0;
            return _instead;
        }

        ref var found = ref _values[slot];
        found.IsAsked = true;
        value = found.Number;
        return found.Status;
    }

    /// <summary>As <see cref="WindowReader.Text"/>.</summary>
    public WindowStatus Text(int slot, out TextKey value)
    {
        if (_instead != WindowStatus.None)
        {
            value = default;
            return _instead;
        }

        ref var found = ref _values[slot];
        found.IsAsked = true;
        value = found.Text;
        return found.Status;
    }

    /// <summary>Whether the slot was asked for since the values were taken.</summary>
    public bool IsRead(int slot) => _instead == WindowStatus.None && _values[slot].IsAsked;

    private struct Value
    {
        public WindowStatus Status;
        public bool IsAsked;
        public decimal Number;
        public TextKey Text;
    }
}
