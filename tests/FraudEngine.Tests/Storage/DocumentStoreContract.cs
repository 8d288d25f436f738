using System.Text;
using FraudEngine.Storage;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

/// <summary>What every document store must do. Each implementation's tests derive from it.</summary>
public abstract class DocumentStoreContract
{
    /// <summary>Opens the store of this test, which holds what was stored before in the same test.</summary>
    private protected abstract IDocumentStore Open();

    [ContractFact]
    public async Task A_document_is_read_back_as_it_was_written_after_the_store_is_opened_again()
    {
        var document = new Document(DocumentKind.Case, "Schlüssel \"1\" 😀", "konto-ä", "open", "Anna", 123, 456, Encoding.UTF8.GetBytes("{\"text\":\"größer\"}"));
        await InAsync(async store =>
        {
            Assert.True(await store.TryWriteDocumentAsync(document, 0));
            Assert.True(await store.TryWriteDocumentAsync(document with { Key = "bare", Account = "", Status = "", Owner = "", Body = [] }, 0));
        });

        await InAsync(async store =>
        {
            Assert.Equal(Text(document with { Version = 1 }), Text(await store.FindDocumentAsync(DocumentKind.Case, document.Key)));
            Assert.Equal(Text(document with { Key = "bare", Account = "", Status = "", Owner = "", Body = [], Version = 1 }), Text(await store.FindDocumentAsync(DocumentKind.Case, "bare")));
            Assert.Null(await store.FindDocumentAsync(DocumentKind.Hold, document.Key));
            Assert.Null(await store.FindDocumentAsync(DocumentKind.Case, document.Key.ToUpperInvariant()));
        });
    }

    [ContractFact]
    public async Task A_document_is_written_over_the_version_that_is_there_and_no_other() => await InAsync(async store =>
    {
        Assert.False(await store.TryWriteDocumentAsync(New("a"), 1));
        Assert.Null(await store.FindDocumentAsync(DocumentKind.Case, "a"));
        Assert.True(await store.TryWriteDocumentAsync(New("a") with { CreatedTicks = 10 }, 0));
        Assert.False(await store.TryWriteDocumentAsync(New("a"), 0));
        Assert.True(await store.TryWriteDocumentAsync(New("a") with { CreatedTicks = 99, UpdatedTicks = 100, Account = "x", Status = "y", Owner = "z", Body = [7] }, 1));
        Assert.False(await store.TryWriteDocumentAsync(New("a"), 1));
        Assert.Equal(
            Text(New("a") with { CreatedTicks = 10, UpdatedTicks = 100, Account = "x", Status = "y", Owner = "z", Body = [7], Version = 2 }),
            Text(await store.FindDocumentAsync(DocumentKind.Case, "a")));
        Assert.True(await store.RemoveDocumentAsync(DocumentKind.Case, "a"));
        Assert.False(await store.RemoveDocumentAsync(DocumentKind.Case, "a"));
        Assert.Null(await store.FindDocumentAsync(DocumentKind.Case, "a"));
        Assert.True(await store.TryWriteDocumentAsync(New("a") with { CreatedTicks = 11 }, 0));
        Assert.Equal((11, 1), await store.FindDocumentAsync(DocumentKind.Case, "a") is { } again ? (again.CreatedTicks, again.Version) : default);
    });

    [ContractFact]
    public async Task Of_writes_over_the_same_version_one_wins() => await InAsync(async store =>
    {
        for (var version = 0; version < 5; version++)
        {
            var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.TryWriteDocumentAsync(New("a") with { Body = [(byte)i] }, version)));
            var winner = Assert.Single(written.Index(), write => write.Item).Index;
            var found = await store.FindDocumentAsync(DocumentKind.Case, "a");
            Assert.Equal((version + 1, (byte)winner), (found!.Version, found.Body[0]));
        }
    });

    [ContractFact]
    public async Task Documents_are_found_by_their_keys_together() => await InAsync(async store =>
    {
        foreach (var key in (string[])["a", "b", "c"])
        {
            Assert.True(await store.TryWriteDocumentAsync(New(key), 0));
        }

        Assert.True(await store.TryWriteDocumentAsync(New("d") with { Kind = DocumentKind.Hold }, 0));
        Assert.Equal(["a", "c"], (await store.FindDocumentsAsync(DocumentKind.Case, ["c", "d", "a", "nobody", "a"])).Select(document => document.Key).Order(StringComparer.Ordinal));
        Assert.Empty(await store.FindDocumentsAsync(DocumentKind.Case, []));
    });

    [ContractFact]
    public async Task Documents_of_one_instant_are_listed_by_their_keys() => await InAsync(async store =>
    {
        string[] keys = ["10", "9", "A", "B", "a", "a b", "b", "é"];
        foreach (var key in keys.Reverse())
        {
            Assert.True(await store.TryWriteDocumentAsync(New(key), 0));
        }

        foreach (var max in (int[])[1, 3, 100])
        {
            Assert.Equal(keys, (await PagedAsync(store, new DocumentFilter(), max)).Select(document => document.Key));
        }
    });

    [ContractTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_writes_read_back_as_a_dictionary_has_them(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<(DocumentKind Kind, string Key), Document>();
        for (var life = 0; life < 3; life++)
        {
            await InAsync(async store =>
            {
                for (var step = 0; step < 100; step++)
                {
                    await StepAsync(store, model, random);
                }

                await CheckAsync(store, model, random);
            });
        }
    }

    /// <summary>Opens the store, and closes it after <paramref name="use"/>.</summary>
    private protected async Task InAsync(Func<IDocumentStore, Task> use)
    {
        var store = Open();
        await using ((IAsyncDisposable)store)
        {
            await use(store);
        }
    }

    internal static Document New(string key) => new(DocumentKind.Case, key, "", "", "", 5, 6, [1]);

    internal static string Text(Document? document) => document is null
        ? ""
        : $"{document.Kind} {document.Key}/{document.Account}/{document.Status}/{document.Owner} {document.CreatedTicks} {document.UpdatedTicks} v{document.Version} {Convert.ToHexString(document.Body)}";

    private static async Task StepAsync(IDocumentStore store, Dictionary<(DocumentKind Kind, string Key), Document> model, Random random)
    {
        var kind = random.Next(4) == 0 ? DocumentKind.Hold : DocumentKind.Case;
        var key = $"k{random.Next(60)}";
        var known = model.GetValueOrDefault((kind, key));
        if (random.Next(6) == 0)
        {
            Assert.Equal(model.Remove((kind, key)), await store.RemoveDocumentAsync(kind, key));
            return;
        }

        var document = new Document(
            kind, key, random.Next(2) == 0 ? "" : $"a{random.Next(3)}", random.Next(5) == 0 ? "" : $"s{random.Next(3)}", random.Next(2) == 0 ? "" : $"o{random.Next(2)}",
            random.Next(10), random.Next(100), [(byte)random.Next(256)]);
        var version = random.Next(4) == 0 ? random.Next(3) : known?.Version ?? 0;
        var fits = version == (known?.Version ?? 0);
        Assert.Equal(fits, await store.TryWriteDocumentAsync(document, version));
        if (fits)
        {
            model[(kind, key)] = document with { CreatedTicks = known?.CreatedTicks ?? document.CreatedTicks, Version = version + 1 };
        }
    }

    private static async Task CheckAsync(IDocumentStore store, Dictionary<(DocumentKind Kind, string Key), Document> model, Random random)
    {
        foreach (var ((kind, key), document) in model)
        {
            Assert.Equal(Text(document), Text(await store.FindDocumentAsync(kind, key)));
        }

        DocumentFilter[] filters =
        [
            .. from account in (string?[])[null, "", "a0", "a1"]
               from owner in (string?[])[null, "o1"]
               from statuses in (IReadOnlyList<string>?[])[null, [], ["s0"], ["s2", "s0"], ["s1", "s1", "unknown"], ["unknown"]]
               select new DocumentFilter(account, statuses, owner),
        ];
        foreach (var filter in filters)
        {
            var expected = model.Values
                .Where(document => document.Kind == DocumentKind.Case
                    && (string.IsNullOrEmpty(filter.Account) || document.Account == filter.Account)
                    && (string.IsNullOrEmpty(filter.Owner) || document.Owner == filter.Owner)
                    && (filter.Statuses is not { Count: > 0 } || filter.Statuses.Contains(document.Status)))
                .OrderByDescending(document => document.CreatedTicks)
                .ThenBy(document => document.Key, StringComparer.Ordinal);
            Assert.Equal(expected.Select(Text), (await PagedAsync(store, filter, 1 + random.Next(12))).Select(Text));
        }
    }

    private static async Task<List<Document>> PagedAsync(IDocumentStore store, DocumentFilter filter, int max)
    {
        var read = new List<Document>();
        for (DocumentPlace? after = null; ; after = new DocumentPlace(read[^1].CreatedTicks, read[^1].Key))
        {
            var page = await store.ListDocumentsAsync(DocumentKind.Case, filter, after, max);
            Assert.InRange(page.Count, 0, max);
            if (page.Count == 0)
            {
                return read;
            }

            read.AddRange(page);
        }
    }
}
