using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Queries;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.CustomerIndex;
using Monolith.Modules.Search.Infrastructure.Elasticsearch;
using Monolith.Modules.Search.Infrastructure.Lucene;
using Monolith.Modules.Search.OrderIndex;

namespace Monolith.Modules.Search.Infrastructure;

/// <summary>The setting <c>Search:Store</c>: where the rows of search lie, and how queries get at them.</summary>
internal static class SearchStores
{
    private const string Lucene = "Lucene";
    private const string Elasticsearch = "Elasticsearch";

    public static readonly Setting<string> Store = Setting.OneOf(
        "Search:Store",
        "Where search keeps its rows: `Lucene`, an index beside each process; or `Elasticsearch`, which all processes share. A change of it builds the rows anew in the other store; those in the first stay until "
        + "somebody removes them.",
        Lucene,
        Elasticsearch);

    /// <summary>Sends the rows of both projections to the store that is set.</summary>
    /// <exception cref="InvalidSettingException">There is no such store, or it is not said where it is.</exception>
    public static void AddStore(this ModuleBuilder module, ProjectionBuilder customers, ProjectionBuilder orders)
    {
        switch (Store.Of(module.Configuration))
        {
            case Lucene:
                customers.ToLucene(LuceneMappings.Customers);
                orders.ToLucene(LuceneMappings.Orders);
                module.Services.AddSingleton<ISearchIndex<CustomerRow>>(services =>
                    new LuceneIndex<CustomerRow>(services.GetRequiredKeyedService<ILuceneIndex>(CustomerProjection.Name), SearchRowsJson.Web.CustomerRow, row => row.Id));
                module.Services.AddSingleton<ISearchIndex<OrderRow>>(services =>
                    new LuceneIndex<OrderRow>(services.GetRequiredKeyedService<ILuceneIndex>(OrderProjection.Name), SearchRowsJson.Web.OrderRow, row => row.Id));
                break;
            case Elasticsearch:
                customers.ToElasticsearch(ElasticsearchMappings.Customers);
                orders.ToElasticsearch(ElasticsearchMappings.Orders);
                module.Services.AddSingleton<ISearchIndex<CustomerRow>>(services =>
                    new ElasticsearchIndex<CustomerRow>(services.GetRequiredKeyedService<IElasticsearchIndex>(CustomerProjection.Name), SearchRowsJson.Web.CustomerRow, row => row.Id));
                module.Services.AddSingleton<ISearchIndex<OrderRow>>(services =>
                    new ElasticsearchIndex<OrderRow>(services.GetRequiredKeyedService<IElasticsearchIndex>(OrderProjection.Name), SearchRowsJson.Web.OrderRow, row => row.Id));
                break;
        }
    }
}
