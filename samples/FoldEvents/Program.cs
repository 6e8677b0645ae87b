using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.InMemory;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Samples.FoldEvents;
using Monolith.Samples.InMemoryStore;

var lamp = Guid.CreateVersion7();
var log = new InMemoryEventLog(new EventCatalogue("shop.events", ShopJson.Default), partitions: 1);
var sales = new ProjectionDefinition("shop.sales", Version: 1, [new EventSelection(log.Catalogue, null)], WriterMode.Concurrent);
var database = new InMemoryDatabase<Guid, Sales>();
using var store = new InMemoryStore<Guid, Sales>(database, sales, row => row.ItemId);
await using var engine = new ProjectionEngine<Guid, Sales>(sales, new SalesProjection(), store, new InMemoryTransport(log));
await engine.StartAsync(CancellationToken.None);
log.Append((lamp, new ItemSold(lamp, 2)), (lamp, new ItemSold(lamp, 3)));
await engine.Status.WaitForAsync(new("shop.events", 0), offset: 2, CancellationToken.None);
Console.WriteLine($"{database.Rows(sales.Name).Single().Items} items were sold");
