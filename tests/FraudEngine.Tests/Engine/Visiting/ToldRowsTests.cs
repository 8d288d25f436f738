using FraudEngine.Domain;
using FraudEngine.Engine.Visiting;

namespace FraudEngine.Tests.Engine.Visiting;

/// <summary>What is read in pages is told once, and where the pages have left nothing out it need not be read again.</summary>
public sealed class ToldRowsTests
{
    private readonly ToldRows _told = new();

    public ToldRowsTests() => _told.Begin(10);

    [Fact]
    public void Pages_below_the_horizon_are_not_read_again()
    {
        // As PostgreSQL says it: the horizon that is given is below the last row, whose entry may name more.
        _told.Advance(horizon: 19, end: 19, isFirst: true);
        _told.Advance(horizon: 29, end: 29, isFirst: false);
        _told.Advance(horizon: 40, end: long.MaxValue, isFirst: false);
        Assert.Equal(40, _told.Below);
    }

    [Fact]
    public void Behind_a_page_that_goes_above_the_horizon_all_is_read_again()
    {
        _told.Advance(horizon: 15, end: 19, isFirst: true);
        _told.Advance(horizon: 40, end: long.MaxValue, isFirst: false);
        Assert.Equal(15, _told.Below);
        _told.Advance(horizon: 40, end: long.MaxValue, isFirst: true);
        Assert.Equal(40, _told.Below);
    }

    [Fact]
    public void What_an_entry_names_besides_is_told_with_the_next_page()
    {
        _told.Advance(horizon: 19, end: 19, isFirst: true);
        Assert.True(_told.TryTell(20, EntityKind.Merchant));
        _told.Advance(horizon: 40, end: long.MaxValue, isFirst: false);
        Assert.False(_told.TryTell(20, EntityKind.Merchant));
        Assert.True(_told.TryTell(20, EntityKind.Terminal));
    }
}
