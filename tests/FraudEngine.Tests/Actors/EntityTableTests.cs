using System.Text;
using FraudEngine.Actors;

namespace FraudEngine.Tests.Actors;

public sealed class EntityTableTests
{
    private readonly EntityTable<Named> _table = new(static id => id.Length);

    [Fact]
    public void An_entity_is_found_by_the_bytes_of_its_id_also_among_equal_hashes()
    {
        var a = Add("aa");
        var b = Add("bb");
        Assert.Same(a, _table.Find("aa"u8));
        Assert.Same(b, _table.Find("bb"u8));
        Assert.Null(_table.Find("cc"u8));
    }

    [Fact]
    public void The_order_of_last_use_equals_that_of_a_plain_list()
    {
        var random = new Random(7);
        var model = new List<string>();
        for (var step = 0; step < 5_000; step++)
        {
            var id = $"e{random.Next(20)}";
            if (_table.Find(Encoding.UTF8.GetBytes(id)) is not { } found)
            {
                Add(id);
            }
            else if (random.Next(4) == 0)
            {
                _table.Remove(found);
                model.Remove(id);
                Assert.Equal(model, Order());
                continue;
            }

            model.Remove(id);
            model.Add(id);
            Assert.Equal(model, Order());
        }
    }

    private IEnumerable<string> Order()
    {
        for (var entity = _table.Oldest; entity is not null; entity = EntityTable<Named>.NewerThan(entity))
        {
            yield return Encoding.UTF8.GetString(entity.Id);
        }
    }

    private Named Add(string id)
    {
        var entity = new Named(Encoding.UTF8.GetBytes(id));
        _table.Add(entity);
        return entity;
    }

    private sealed class Named(byte[] id) : Entity(id);
}
