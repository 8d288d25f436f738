namespace FraudEngine.Windows;

/// <summary>Where a plan's windows stand in the plans of the histories that it reads: found once per plan, and kept for the latest few.</summary>
internal sealed class SlotMappings(WindowPlan plan)
{
    /// <summary>More plans are never in use for long: each change of the rules brings one, and the histories follow.</summary>
    private const int KeptMax = 8;

    private readonly (WindowPlan? Plan, WindowSlot[] Slots)[] _kept = new (WindowPlan?, WindowSlot[])[KeptMax];
    private int _next;

    /// <summary>For each of the plan's slots the window's slot in another plan.</summary>
    /// <exception cref="InvalidOperationException">That one does not have all of the plan's windows.</exception>
    public WindowSlot[] Find(WindowPlan other)
    {
        if (ReferenceEquals(other, plan))
        {
            return plan.Slots;
        }

        foreach (var (known, slots) in _kept)
        {
            if (ReferenceEquals(known, other))
            {
                return slots;
            }
        }

        var mapped = Map(other);
        _kept[_next] = (other, mapped);
        _next = (_next + 1) % KeptMax;
        return mapped;
    }

    private WindowSlot[] Map(WindowPlan other)
    {
        var slots = new WindowSlot[plan.Specs.Length];
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var place = other.SlotOf(plan.Specs[slot]);
            slots[slot] = place >= 0 ? other.Slots[place]
                : throw new InvalidOperationException($"The history's plan lacks {plan.Specs[slot]}; rebuild the history under a plan that contains the reader's.");
        }

        return slots;
    }
}
