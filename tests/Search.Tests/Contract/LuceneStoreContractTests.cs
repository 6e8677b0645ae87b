using Monolith.Modules.Search.Application;
using Monolith.Testing;

namespace Monolith.Search.Tests.Contract;

/// <summary>The contract with the composed module and Lucene on the disk.</summary>
[Trait("Category", "Module")]
public sealed class LuceneStoreContractTests : SearchContract, IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private ComposedSearch? open;
    private int opened;

    private protected override int RandomRounds => TestScale.Of(50);

    private protected override async Task<SearchedIndexes> OpenAsync(
        IReadOnlyCollection<CustomerRow> customers, IReadOnlyCollection<OrderRow> orders)
    {
        if (open is not null)
            await open.DisposeAsync();
        open = new ComposedSearch(KeyValuePair.Create("Stores:Folder", (string?)folder.Below($"{++opened}")));
        return await open.FillAsync(customers, orders);
    }

    public async ValueTask DisposeAsync()
    {
        if (open is not null)
            await open.DisposeAsync();
        folder.Dispose();
    }
}
