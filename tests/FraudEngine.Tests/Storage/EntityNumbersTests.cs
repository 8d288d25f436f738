using System.Text;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

public sealed class EntityNumbersTests
{
    [Fact]
    public void An_entity_keeps_its_number_whether_it_is_still_in_memory_or_not()
    {
        const int count = EntityNumbers.CachedMax + 20_000;
        using var connection = new SqliteConnection(":memory:");
        SqliteSchema.Migrate(connection);
        using var numbers = new EntityNumbers(connection);
        for (var pass = 0; pass < 3; pass++)
        {
            connection.Transact(() =>
            {
                for (var i = 0; i < count; i++)
                {
                    Assert.Equal(i + 1, numbers.FindOrAdd(Encoding.UTF8.GetBytes($"x{i}")));
                }

                return true;
            });
        }

        Assert.Equal(count, connection.Scalar("SELECT count(*) FROM entities"));
        Assert.Equal(0, numbers.Find("nobody"u8));
    }

    [Fact]
    public void A_number_whose_commit_was_undone_is_given_to_another()
    {
        using var connection = new SqliteConnection(":memory:");
        SqliteSchema.Migrate(connection);
        using var numbers = new EntityNumbers(connection);
        Assert.Equal(1, numbers.FindOrAdd("a"u8));
        connection.Execute("BEGIN");
        Assert.Equal(2, numbers.FindOrAdd("b"u8));
        connection.Undo();
        numbers.Forget();
        Assert.Equal(0, numbers.Find("b"u8));
        Assert.Equal(2, numbers.FindOrAdd("c"u8));
        Assert.Equal(1, numbers.FindOrAdd("a"u8));
    }
}
