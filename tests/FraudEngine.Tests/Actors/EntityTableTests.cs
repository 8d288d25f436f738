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
    public void Who_leaves_is_whoever_a_plain_list_with_a_second_chance_says()
    {
        var random = new Random(7);
        var model = new List<(string Id, bool IsUsed)>();
        for (var step = 0; step < 20_000; step++)
        {
            var id = $"e{random.Next(20)}";
            var at = model.FindIndex(entry => entry.Id == id);
            var found = _table.Find(Encoding.UTF8.GetBytes(id));
            Assert.Equal(at >= 0, found is not null);
            if (found is null)
            {
                Add(id);
                model.Add((id, false));
                continue;
            }

            model[at] = (id, true);
            switch (random.Next(12))
            {
                case 0:
                    _table.Remove(found);
                    model.RemoveAt(at);
                    break;
                case 1:
                    _table.PassOver(found);
                    model.RemoveAt(at);
                    model.Add((id, true));
                    break;
                case 2:
                    while (model[0].IsUsed)
                    {
                        model.Add((model[0].Id, false));
                        model.RemoveAt(0);
                    }

                    Assert.Equal(model[0].Id, Encoding.UTF8.GetString(_table.FindUnused()!.Id));
                    break;
            }

            Assert.Equal(model.Count, _table.Count);
        }
    }

    [Fact]
    public void Of_none_none_leaves()
    {
        Assert.Null(_table.FindUnused());
        _table.Remove(Add("a"));
        Assert.Null(_table.FindUnused());
    }

    private Named Add(string id)
    {
        var entity = new Named(Encoding.UTF8.GetBytes(id));
        _table.Add(entity);
        return entity;
    }

    private sealed class Named(byte[] id) : Entity(id);
}
