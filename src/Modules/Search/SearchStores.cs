using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Infrastructure;
using Monolith.Modules.Search.Infrastructure.Elasticsearch;
using Monolith.Modules.Search.Infrastructure.Lucene;
using Monolith.Modules.Search.Infrastructure.Projections;

namespace Monolith.Modules.Search;

/// <summary>The setting <c>Search:Store</c>, which selects the store of both projections.</summary>
internal static class SearchStores
{
    private const string Lucene = "Lucene";
    private const string Elasticsearch = "Elasticsearch";

    public static readonly Setting<string> Store = Setting.OneOf(
        "Search:Store",
        "The store of search: `Lucene`, an index on the disk of each process, or `Elasticsearch`, an index that all processes share. "
        + "After a change the rows are rebuilt in the new store; the rows in the old one remain until an operator deletes them.",
        Lucene,
        Elasticsearch);

    /// <summary>Registers the selected store for both projections.</summary>
    /// <exception cref="InvalidSettingException">The store is unknown, or its address is missing.</exception>
    public static void AddStore(this ModuleBuilder module, ProjectionBuilder customers, ProjectionBuilder orders)
    {
        var json = SearchRowsJson.Web;
        switch (Store.Of(module.Configuration))
        {
            case Lucene:
                customers.ToLucene(LuceneMappings.Customers);
                orders.ToLucene(LuceneMappings.Orders);
                module.Services.AddSingleton<ISearchIndex<CustomerRow>>(services => new LuceneIndex<CustomerRow>(
                    services.GetRequiredKeyedService<ILuceneIndex>(CustomerProjection.Name), json.CustomerRow, row => row.Id));
                module.Services.AddSingleton<ISearchIndex<OrderRow>>(services => new LuceneIndex<OrderRow>(
                    services.GetRequiredKeyedService<ILuceneIndex>(OrderProjection.Name), json.OrderRow, row => row.Id));
                break;
            case Elasticsearch:
                customers.ToElasticsearch(ElasticsearchMappings.Customers);
                orders.ToElasticsearch(ElasticsearchMappings.Orders);
                module.Services.AddSingleton<ISearchIndex<CustomerRow>>(services => new ElasticsearchIndex<CustomerRow>(
                    services.GetRequiredKeyedService<IElasticsearchIndex>(CustomerProjection.Name), json.CustomerRow, row => row.Id));
                module.Services.AddSingleton<ISearchIndex<OrderRow>>(services => new ElasticsearchIndex<OrderRow>(
                    services.GetRequiredKeyedService<IElasticsearchIndex>(OrderProjection.Name), json.OrderRow, row => row.Id));
                break;
        }
    }
}
