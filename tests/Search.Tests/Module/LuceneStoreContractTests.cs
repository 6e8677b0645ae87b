using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Modules.Search;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.CustomerIndex;
using Monolith.Modules.Search.OrderIndex;
using Monolith.Search.Tests.Truth;
using Monolith.Testing;

namespace Monolith.Search.Tests.Module;

/// <summary>The contract on the module as it is composed: rows written through the store, read through the port.</summary>
[Trait("Height", "Module")]
public sealed class LuceneStoreContractTests : SearchContract, IAsyncDisposable
{
    private const int First = 1;

    private readonly TemporaryFolder folder = new();
    private ServiceProvider? open;
    private int opened;

    private protected override int RandomRounds => TestScale.Of(50);

    private protected override async Task<SearchedIndexes> OpenAsync(IReadOnlyCollection<CustomerRow> customers, IReadOnlyCollection<OrderRow> orders)
    {
        if (open is not null)
            await open.DisposeAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Stores:Folder", folder.Below($"{++opened}"))]).Build();
        var (module, services) = (new SearchModule(), new ServiceCollection());
        services.AddSingleton<IConfiguration>(configuration).AddLogging();
        module.AddServices(new ModuleBuilder(module.Name, module.GetType().Assembly, services, configuration));
        // No host runs it, so that no log feeds it: the test does.
        open = services.BuildServiceProvider();
        await FillAsync(open, CustomerProjection.Name, customers);
        await FillAsync(open, OrderProjection.Name, orders);
        return new SearchedIndexes(open.GetRequiredService<ISearchIndex<CustomerRow>>(), open.GetRequiredService<ISearchIndex<OrderRow>>());
    }

    public async ValueTask DisposeAsync()
    {
        if (open is not null)
            await open.DisposeAsync();
        folder.Dispose();
    }

    private static async Task FillAsync<TRow>(IServiceProvider services, string projection, IReadOnlyCollection<TRow> rows)
        where TRow : class
    {
        var store = services.GetRequiredKeyedService<IProjectionStore<Guid, TRow>>(projection);
        await store.Registry.PrepareAsync(CancellationToken.None);
        await using (var page = await store.BeginAsync(First, CancellationToken.None))
        {
            var changes = rows.Select(row => new RowChange<Guid, TRow>(store.KeyOf(row), row)).ToArray();
            await page.LoadAsync([.. changes.Select(change => change.Key)], [], [], CancellationToken.None);
            await page.CommitAsync(new PageCommit<Guid, TRow>(changes, [], [], []), CancellationToken.None);
        }

        (await store.Registry.PromoteAsync(First, CancellationToken.None)).ShouldBe(PromotionOutcome.Promoted);
    }
}
